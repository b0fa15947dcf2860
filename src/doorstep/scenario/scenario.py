"""Scenario: one place, its orders, its conditions and the configurations that might serve it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.demand.order import Order, Window
    from doorstep.handover import Handover
    from doorstep.lockers.locker import Locker
    from doorstep.modes.mode import Mode, PriceBook, Value
    from doorstep.network.network import Network
    from doorstep.network.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Stem:
    """The road between a hub that lies off the map and the gate where it meets the map."""

    gate_x_m: float
    gate_y_m: float
    length_m: float
    duration_s: float
    """By road at free flow."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Where goods start."""

    name: str
    x_m: float
    y_m: float
    stem: Stem | None = None


@dataclass(frozen=True, slots=True)
class VehicleGroup:
    """Vehicles of one mode at one hub."""

    mode: str
    count: int
    hub: str
    handover: frozenset[Handover]
    """Kinds of handover that they do for any order."""
    reserve: frozenset[Handover] = frozenset()
    """Kinds that they do only for orders that nobody in the configuration may otherwise take."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A fleet and lockers that might serve the scenario."""

    name: str
    vehicles: tuple[VehicleGroup, ...]
    lockers: tuple[str, ...] = ()
    combines: tuple[str, ...] = ()
    """Configurations whose fleets this one joins; their plans are starting points for its own."""


@dataclass(frozen=True, slots=True)
class WorkRules:
    """The law and custom of working hours."""

    hours: Window
    """When vehicles may be out."""
    shift_s: float
    """Longest duty of a driver, break included."""
    break_after_s: float
    """Longest work of a driver without a break."""
    break_s: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look for a plan."""

    work: int
    """Steps of the search; the same work gives the same plan."""
    time_limit_s: float
    """A search that runs into it is not repeatable, and says so."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question, complete and free of files."""

    name: str
    description: str
    seed: int
    network: Network
    snap_limit_m: float
    traffic_factor: float
    walk_speed_mps: float
    orders: tuple[Order, ...]
    hubs: Mapping[str, Hub]
    lockers: Mapping[str, Locker]
    locker_options: int
    """How many of the nearest lockers within an order's walk are considered."""
    modes: Mapping[str, Mode]
    prices: PriceBook
    work: WorkRules
    configurations: tuple[Configuration, ...]
    effort: Effort
    values: tuple[Value, ...] = ()
    """Numbers that the file itself gives with a source or as an estimate."""
    notes: tuple[str, ...] = ()
    """Defaults, repairs and choices made on the way from the file."""
    text: str = ""
    """The file as resolved, for the study's folder."""
    traffic: Traffic | None = None
    """By the hour; `traffic_factor` then has no part in anything. None where that factor holds at all hours."""
