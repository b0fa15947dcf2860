"""Plan: who brings what, where and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


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
class Sortie:
    """What a drone or robot does from the van that carries it: launched at a stop, one order, taken in at a stop."""

    fleet: int
    """Index of the carried vehicle's fleet in the problem."""
    vehicle: int
    """Which of that fleet, from 0: the van's number times how many a van carries, and its own among those."""
    launched_at: int
    """Position of the van's stop in its trip."""
    taken_in_at: int
    launch_s: int
    """When the crew begins to launch it, a change of its battery included."""
    takeoff_s: int
    stop: Stop
    """The handover to the customer."""
    back_s: int
    """When it is at the van's stop."""
    landed_s: int
    """When the crew begins to take it in; until then it waits for the van."""
    end_s: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class Trip:
    """From one load to the next."""

    load_s: int
    """When loading begins."""
    depart_s: int
    stops: tuple[Stop, ...]
    return_s: int
    distance_m: int
    sorties: tuple[Sortie, ...] = ()
    """Of the vehicles that it carries, in the sequence of their launches."""

    @property
    def handed(self) -> tuple[Stop, ...]:
        """Every order that the trip brings, by the van itself or by what it carries."""
        return (*self.stops, *(sortie.stop for sortie in self.sorties))

    def left_s(self, position: int) -> int:
        """Return when the van is done at one of its stops; -1 stands for the hub."""
        if position < 0:
            return self.depart_s
        if not self.sorties:
            return self.stops[position].leave_s
        ends = [s.takeoff_s for s in self.sorties if s.launched_at == position]
        ends += [s.end_s for s in self.sorties if s.taken_in_at == position]
        return max([self.stops[position].leave_s, *ends])


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

    def resting_s(self, since: int, until: int) -> int:
        """Return the seconds between two times that breaks fill."""
        return sum(max(0, min(end, until) - max(start, since)) for start, end in self.breaks)


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

    def sorties(self) -> Iterator[tuple[Route, Trip, Sortie]]:
        """Yield every sortie with the route and the trip of its van."""
        return ((route, trip, sortie) for route in self.routes for trip in route.trips for sortie in trip.sorties)
