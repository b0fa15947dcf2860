"""Compilation of inner loops: numba with a cache on disk, or without one where no folder can be written.

What numba finds in its cache it takes for current if the file of the function is unchanged, whatever became of the
functions and constants that this imports. So the name in the cache tells of the text of all these files.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
R = TypeVar("R")

_HERE = Path(__file__)
_ROOT = _HERE.parents[2]
_IMPORT = re.compile(r"^(?:from|import) (doorstep[\w.]*)(?: import (\([^)]*\)|.*))?", re.MULTILINE)
"""Of this package, at the top of a module: imports further in are for types, or not for compiled code."""


def bare_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a compiled function that makes no arrays of its own and so need not count references to any.

    Counting costs more than the work in small functions that take dozens of arrays.
    """
    from doorstep.network.linking import WholeCompiler

    return _cached(function, _nrt=False, no_cfunc_wrapper=True, pipeline_class=WholeCompiler)


def inner_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function as `bare_code` does, to be called by functions of these two kinds only.

    It has no entry from Python, no machine code of its own, and no place in the cache: those that call it have.
    """
    import numba

    from doorstep.network.linking import PartCompiler

    njit: Any = numba.njit
    bare = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    fast: Callable[P, R] = njit(nogil=True, pipeline_class=PartCompiler, **bare)(function)
    return fast


def machine_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function compiled by numba at its first call.

    The cache lies beside the package, else in the user's cache folder (numba looks for both); where neither can be
    written, each process compiles anew.
    """
    return _cached(function, no_cfunc_wrapper=True)


def nested_code(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function as `machine_code` does, to be called by such functions only: it has no entry from Python."""
    return _cached(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _cached(function: Callable[P, R], **settings: Any) -> Callable[P, R]:
    """Return a function that is compiled at its first call, or found in the cache under a name of its own."""
    import numba

    njit: Any = numba.njit
    name = function.__qualname__
    try:
        function.__qualname__ = f"{name}_{sources_digest(function.__code__.co_filename)}"
        fast: Callable[P, R] = njit(cache=True, nogil=True, **settings)(function)
    except (OSError, RuntimeError):
        fast = njit(nogil=True, **settings)(function)
    function.__qualname__ = fast.__qualname__ = name
    return fast


@cache
def sources_digest(file: str) -> str:
    """Return a digest of the text of a module and of all modules of this package that it imports at its top.

    How functions are compiled is part of it.
    """
    seen, waiting = set(), [Path(file), _HERE.with_name("addresses.py"), _HERE.with_name("linking.py"), _HERE]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imported(path)
    texts = blake2b(digest_size=6)
    for path in sorted(seen):
        texts.update(path.name.encode() + path.read_bytes())
    return texts.hexdigest()


@cache
def _imported(path: Path) -> tuple[Path, ...]:
    """Return the files of the modules of this package that a module imports at its top."""
    return tuple(file for module in _modules(path.read_text(encoding="utf-8")) for file in _files(module))


def _modules(text: str) -> Iterator[str]:
    """Yield the names that imports may stand for: modules, and what is imported from them, which may be modules too."""
    for module, names in _IMPORT.findall(text):
        yield module
        for name in re.findall(r"\w+", names):
            yield f"{module}.{name}"


def _files(module: str) -> Iterator[Path]:
    """Yield the file of a module, if it is one."""
    place = _ROOT.joinpath(*module.split("."))
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if file.is_file():
            yield file
