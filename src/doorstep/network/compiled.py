"""Compilation of inner loops: numba with a cache on disk, or without one where no folder can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def machine_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function compiled by numba at its first call.

    The cache lies beside the package, else in the user's cache folder (numba looks for both); where neither can be
    written, each process compiles anew.
    """
    import numba

    try:
        fast: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        fast = numba.njit(nogil=True)(function)
    return fast
