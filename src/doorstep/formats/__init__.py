"""Other tools' problems and plans: VRPLIB, Solomon, Li and Lim, VROOM JSON."""

from doorstep.formats.instance import Instance, Objective, Rounding
from doorstep.formats.reading import read_instance

__all__ = ["Instance", "Objective", "Rounding", "read_instance"]
