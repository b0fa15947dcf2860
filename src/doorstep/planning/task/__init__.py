"""Task: from a scenario and one of its configurations to the tables of a problem."""
