"""Vans that carry drones or robots: the problem, its plans, exact methods for small ones and a search beyond."""
