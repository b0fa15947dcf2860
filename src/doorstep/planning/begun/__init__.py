"""Begun: days of which parts have happened or are promised, and what is left to plan."""
