"""TandemPlan: what the van, its drones and those beside it do, to the second."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What the van's crew does, one thing at a time; what lies between two of them is waiting."""

    DRIVE = "drive"
    SERVE = "serve"
    LAUNCH = "launch"
    RECOVER = "recover"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that the van's crew does."""

    act: Act
    site: int
    """Where: of a drive, where it ends."""
    customer: int
    """Whom it serves, or whose parcel the drone takes; 0 for a drive to the depot."""
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Sortie:
    """What a drone does from the van and back to it."""

    drone: int
    """Which of the van's drones, from 0."""
    customer: int
    launch_site: int
    recover_site: int
    takeoff_s: float
    """When it has left the van: the end of the launch."""
    handover_s: float
    """When the handover begins: on arrival, or once the window opens."""
    leave_s: float
    back_s: float
    """When it is at the van's stop and may be taken in."""
    landed_s: float
    """When the van begins to take it in; until then it waits."""
    energy_j: float
    """All that the sortie takes, waiting included."""


@dataclass(frozen=True, slots=True)
class Shuttle:
    """A flight from the depot to a customer and back."""

    drone: int
    """Which of the depot's drones, from 0."""
    customer: int
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class TandemPlan:
    """A plan for a `TandemProblem`; times count from the van's first task."""

    tasks: tuple[Task, ...]
    sorties: tuple[Sortie, ...]
    shuttles: tuple[Shuttle, ...]
    unserved: tuple[int, ...]
    """Customers that no plan met could serve within the rules."""
    makespan_s: float
    """When all are back at the depot and taken in."""
    cost: float
    optimal: bool = False
    """Whether no plan is better: found by an exact method."""
    method: str = ""

    @property
    def stops(self) -> tuple[int, ...]:
        """Return where the van goes, from depot to depot."""
        return (0, *(task.site for task in self.tasks if task.act is Act.DRIVE))
