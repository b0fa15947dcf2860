"""Study: every configuration of a scenario planned, lived through and scored."""

from __future__ import annotations

from doorstep.study.outcome import Outcome
from doorstep.study.step import Phase, Step
from doorstep.study.study import Study, run

__all__ = ["Outcome", "Phase", "Step", "Study", "run"]
