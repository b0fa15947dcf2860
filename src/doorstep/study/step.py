"""Step: how far a run has come, for whoever is watching."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What is being done for a configuration."""

    MEASURE = "measuring the ways"
    SEARCH = "searching"
    FOUND = "found"
    """A plan is found; it may still be polished from those of the others."""
    POLISH = "polishing"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Step:
    """One sign of life from a run."""

    configuration: str
    phase: Phase
    cost: float | None
    """Of the best plan so far, in the scenario's currency, unserved orders at their price."""
    solutions: int
    """Plans met so far, each better than the last."""
    seconds: float
    """Since the configuration was begun."""
