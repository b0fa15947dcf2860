"""Counting: numbers of things in the notes that people read."""

from __future__ import annotations


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number with what is counted, and perhaps its verb: `1 way is`, `2 ways are`; many have an s more."""
    return f"{count} {one if count == 1 else many or one + 's'}"
