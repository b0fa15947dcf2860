"""Instance: a problem as a benchmark file states it, with what is needed to speak of it in the file's own terms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from doorstep.planning.problem import Problem


class Rounding(StrEnum):
    """How lengths between coordinates become the whole numbers that plans are made with."""

    NONE = "none"
    """Lengths stay as they are: plans are made with thousandths, costs are told from the unrounded lengths."""
    NEAREST = "nearest"
    """Halves go up, as TSPLIB has it."""
    CEIL = "ceil"
    TRUNC1 = "trunc1"
    """One decimal kept, the rest cut off: whole tenths."""
    X1000 = "x1000"
    """Whole thousandths, rounded to the nearest."""


FACTORS = {Rounding.NONE: 1000, Rounding.NEAREST: 1, Rounding.CEIL: 1, Rounding.TRUNC1: 10, Rounding.X1000: 1000}
"""Units of the tables in one unit of the file's coordinates and times."""


class Objective(StrEnum):
    """What the cost of a plan is."""

    DISTANCE = "distance"
    FIXED = "fixed+distance"
    VEHICLES = "vehicles then distance"
    PRIZES = "distance+prizes"


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem with the names that its file gives to things."""

    name: str
    kind: str
    """Format of the file: vrplib, solomon, lilim or vroom."""
    variant: str
    """Type of the problem, such as CVRP."""
    objective: Objective
    rounding: Rounding
    factor: int
    """Units of the tables in one unit of the file's coordinates and times."""
    scale: float
    """Money of the problem in one unit of the file's cost."""
    length_scale: float
    """Units of the tables in one unit of the distances that are told."""
    problem: Problem
    labels: tuple[int | str, ...]
    """What the file calls the customer of each option."""
    numbers: tuple[int, ...]
    """What solution files call the customer of each option."""
    hub_labels: tuple[int | str, ...]
    hub_numbers: tuple[int, ...]
    vehicles: tuple[tuple[int, ...], ...]
    """Positions in the file, from 0, of the vehicles of each fleet."""
    vehicle_labels: tuple[int, ...]
    """What the file calls the vehicle of each position."""
    prize: NDArray[np.int64]
    """[orders] money given up by leaving out what may be left out; 0 where an order must be served."""
    start: tuple[tuple[tuple[int, ...], ...], ...] = ()
    """Of the vehicle of each position, trips of options to go on from; empty where the file says nothing of them."""
    notes: tuple[str, ...] = ()
    """All that was assumed, repaired or is easily taken amiss."""
    document: Mapping[str, Any] | None = None
    """The file's own document, where its format is VROOM's."""
    metres: tuple[NDArray[np.int32], ...] = ()
    """Of each fleet, distances [sites, sites] where the file gives them apart from what is paid for; else empty."""
    origin: int = 0
    """The moment of the file that times of the problem are counted from, in units of the tables."""
