"""Hours: ways through a day whose speeds change by the clock."""
