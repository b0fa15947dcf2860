"""Rule book: what a reader of maps may be told about who uses which way."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from doorstep.errors import Fault, InputError


@dataclass(frozen=True, slots=True)
class RobotRules:
    """Limits of sidewalk robots; steps they never take."""

    width_m: float = 0.8
    """Ways narrower than this are refused (estimate: a robot of 0.53 m, IEEE The Institute 2016, keeps a distance)."""
    incline: float = 0.15
    """Steepest way, rise over run (estimate: nearly twice the 1 in 12 of wheelchair ramps, ADA Standards 405.2)."""
    kerb_m: float = 0.03
    """Highest kerb that is climbed: that of `kerb=lowered` (wiki page `Key:kerb`)."""
    roads_kmh: float = 0.0
    """On the carriageway of streets without a pavement whose limit is at most this; by default on none.

    Quiet streets (residential, living streets, service roads) stand for the pavement beside them whatever their limit,
    unless they are residential and said to have none.
    """

    def __post_init__(self) -> None:
        """Raise InputError with every limit that is no number of nought or more."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        wrong = {
            name: value
            for name, value in given.items()
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf
        }
        fix = "give a number of nought or more"
        if wrong:
            raise InputError(
                Fault(f"robot rules, {name}", f"{value!r} is no limit", fix, "robot-rules")
                for name, value in wrong.items()
            )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What depends on place and vehicle."""

    ferries: bool = False
    """Whether vans and cycles take ferries."""
    robot: RobotRules = RobotRules()


USUAL = RuleBook()
