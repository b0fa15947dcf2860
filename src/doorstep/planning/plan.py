"""Plan: who brings what, where and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Stop:
    """One order handed over; orders handed over at one place are consecutive stops."""

    option: int
    """Index of the delivery option in the problem."""
    arrive_s: int
    start_s: int
    """When the handover begins, set-up done."""
    leave_s: int
    """When the customer has it, or it lies in the locker."""


@dataclass(frozen=True, slots=True)
class Trip:
    """From one load to the next."""

    load_s: int
    """When loading begins."""
    depart_s: int
    stops: tuple[Stop, ...]
    return_s: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class Route:
    """All that one vehicle does in its shift."""

    fleet: int
    """Index of the vehicle's fleet in the problem."""
    vehicle: int
    """Which vehicle of that fleet, from 0."""
    trips: tuple[Trip, ...]
    breaks: tuple[tuple[int, int], ...] = ()
    """Start and end of each break, seconds."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that kept an order out, with what it needed and what there was."""

    rule: str
    needs: float
    has: float
    unit: str
    mode: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unserved:
    """An order that is not in the plan, with every reason."""

    order: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer proposed for one configuration."""

    configuration: str
    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    solver: Mapping[str, object] = field(default_factory=dict)
    """How it was found: tool, work done, seconds, whether it is repeatable."""
