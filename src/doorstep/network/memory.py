"""Memory: what was freed handed back to the system, on large maps."""

from __future__ import annotations

import sys

LARGE = 2**20
"""Nodes of streets of a map for which it is worth the milliseconds that it takes."""


def give_back(nodes: int) -> None:
    """Hand freed memory back after reading a map of so many nodes of streets; on Linux only.

    glibc keeps what was freed in small pieces (`man 3 malloc_trim`): a quarter of all that a map of 100 MB takes.
    """
    if nodes < LARGE or sys.platform != "linux":
        return
    import ctypes

    # Other C libraries than glibc have no such function, nor the need.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
