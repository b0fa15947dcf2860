"""Vans that carry drones or robots: the problem, its plans, exact methods for small ones and a search beyond."""

from doorstep.planning.tandem.checker import Breach, breaches
from doorstep.planning.tandem.plan import Act, Shuttle, Sortie, TandemPlan, Task
from doorstep.planning.tandem.problem import TandemProblem
from doorstep.planning.tandem.search import solve_tandem

__all__ = ["Act", "Breach", "Shuttle", "Sortie", "TandemPlan", "TandemProblem", "Task", "breaches", "solve_tandem"]
