"""Compilation of inner loops: numba with a cache on disk, or without one where no folder can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def bare_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a compiled function that makes no arrays of its own and so need not count references to any.

    Counting costs more than the work in small functions that take dozens of arrays.
    """
    import numba

    njit: Any = numba.njit
    try:
        fast: Callable[P, R] = njit(cache=True, nogil=True, _nrt=False, no_cfunc_wrapper=True)(function)
    except RuntimeError:
        fast = njit(nogil=True, _nrt=False, no_cfunc_wrapper=True)(function)
    return fast


def inner_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function as `bare_code` does, to be called from compiled code only.

    It has no entry from Python, which for dozens of arrays takes longer to compile than the function itself.
    """
    import numba

    njit: Any = numba.njit
    plain = {"nogil": True, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    try:
        fast: Callable[P, R] = njit(cache=True, **plain)(function)
    except RuntimeError:
        fast = njit(**plain)(function)
    return fast


def machine_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function compiled by numba at its first call.

    The cache lies beside the package, else in the user's cache folder (numba looks for both); where neither can be
    written, each process compiles anew.
    """
    import numba

    njit: Any = numba.njit
    try:
        fast: Callable[P, R] = njit(cache=True, nogil=True, no_cfunc_wrapper=True)(function)
    except RuntimeError:
        fast = njit(nogil=True, no_cfunc_wrapper=True)(function)
    return fast
