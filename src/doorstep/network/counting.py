"""Counting: numbers of things, and times, in the notes that people read."""

from __future__ import annotations


def hour_and_minute(clock_s: float) -> str:
    """Return a clock time as `07:30`; hours go on beyond midnight, as in `26:00`."""
    return f"{int(clock_s // 3600):02}:{int(clock_s % 3600 // 60):02}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number with what is counted, and perhaps its verb: `1 way is`, `2 ways are`; many have an s more."""
    return f"{count} {one if count == 1 else many or one + 's'}"
