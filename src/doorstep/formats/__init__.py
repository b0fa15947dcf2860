"""Other tools' problems and plans: VRPLIB, Solomon, Li and Lim, VROOM JSON."""

from doorstep.formats.costing import Bill, recompute, score
from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.reading import read_instance
from doorstep.formats.solution import Solution, read_solution, write_solution
from doorstep.formats.vroomout import left_out, vroom_input, vroom_solution

__all__ = [
    "Bill",
    "Instance",
    "Objective",
    "Rounding",
    "Solution",
    "left_out",
    "read_instance",
    "read_solution",
    "recompute",
    "score",
    "vroom_input",
    "vroom_solution",
    "write_solution",
]
