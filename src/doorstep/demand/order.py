"""Order: what one customer is owed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorstep.handover import Handover, Size


@dataclass(frozen=True, slots=True)
class Window:
    """A span of clock time, both ends included; seconds since the scenario's midnight."""

    open_s: float
    close_s: float


class Dwelling(StrEnum):
    """What kind of home an order goes to."""

    HOUSE = "house"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Order:
    """What one customer is owed; clock times in seconds since the scenario's midnight."""

    id: str
    x_m: float
    y_m: float
    mass_kg: float
    volume_l: float
    size: Size
    placed_s: float
    """When the customer ordered; negative on the day before."""
    ready_s: float
    """When the parcel can be loaded at the hub; of a return, when it can be fetched."""
    window: Window
    """Service at the customer's own place must begin within it (hard)."""
    promise_s: float
    """When the customer was told to have it by (soft)."""
    dwelling: Dwelling
    landing_place: bool
    """True where an aircraft can set a parcel down."""
    accepts: frozenset[Handover]
    walk_limit_m: float
    """How far the customer walks to a locker, one way, metres."""
    platform: str = ""
    """Who owes it, where several platforms or carriers are told apart."""
    household: str = ""
    """Whose it is, where several orders may go to one home."""
    parcels: int = 1
    """Orders of the household that are handed over as this one."""
    is_return: bool = False
    """True where the parcel is fetched at the customer's, or out of a locker, and brought to the hub."""
