"""Linking: functions that only compiled code calls become machine code once, with the functions that Python calls.

numba makes machine code of every function with all that it calls, and so of the innermost ones again and again. Here
it is kept from doing so for parts, and gives a function that Python calls all of them at once. Where another version
of numba does not go along with this, which is tried before the first compilation, all is left to numba.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numba
from numba import config
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class _Nowhere:
    """Stands for the machine code of a part."""

    def set_env(self, name: str, env: Any) -> None:
        """Note nothing."""


class Part(JITCodeLibrary):
    """Code of one function, neither optimised nor made machine code by itself."""

    @property
    def codegen(self) -> Any:
        """Where numba notes a function's globals, once there is machine code."""
        return _Nowhere()

    def callees(self) -> list[Any]:
        """Return the code of the functions called."""
        return list(self._linking_libraries)

    def finalize(self) -> None:
        """Leave all to the functions that call this one."""
        self._finalized = True


class Whole(JITCodeLibrary):
    """Code of a function with that of all parts that it calls, directly or not."""

    def add_linking_library(self, library: Any) -> None:
        """Add a function, and what that calls."""
        if library in self._linking_libraries:
            return
        super().add_linking_library(library)
        if isinstance(library, Part):
            for other in library.callees():
                self.add_linking_library(other)

    def finalize(self) -> None:
        """Make machine code, loops one turn at a time.

        They are short, and LLVM 15 stumbles over reads by address where it takes several turns at once.
        """
        settings, emitter = vars(config), vars(self._codegen)
        before = settings["LOOP_VECTORIZE"], emitter["_loopvect"]
        settings["LOOP_VECTORIZE"] = emitter["_loopvect"] = False
        try:
            super().finalize()
        finally:
            settings["LOOP_VECTORIZE"], emitter["_loopvect"] = before


class _Into(Compiler):
    """Compiler that chooses where the code goes."""

    library: Any

    def define_pipelines(self) -> Any:
        """Choose before numba does."""
        self.state.library = self.library(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        self.state.library.enable_object_caching()
        return super().define_pipelines()


class _IntoPart(_Into):
    library = Part


class _IntoWhole(_Into):
    library = Whole


class PartCompiler(_IntoPart):
    """Compiler of a function that only compiled code calls."""

    def define_pipelines(self) -> Any:
        """Choose where the code goes if that works, and let numba choose otherwise."""
        return super().define_pipelines() if links() else Compiler.define_pipelines(self)


class WholeCompiler(_IntoWhole):
    """Compiler of a function that Python calls too."""

    def define_pipelines(self) -> Any:
        """Choose where the code goes if that works, and let numba choose otherwise."""
        return super().define_pipelines() if links() else Compiler.define_pipelines(self)


@cache
def links() -> bool:
    """Try three small functions to tell whether this version of numba lets parts be put together."""
    njit: Any = numba.njit
    part = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "pipeline_class": _IntoPart}
    inner = njit(**part)(lambda x: x + 1)
    middle = njit(**part)(lambda x: inner(x) * 2)
    outer = njit(pipeline_class=_IntoWhole, no_cfunc_wrapper=True)(lambda x: middle(x) + inner(x))
    try:
        return bool(outer(3) == 12)  # noqa: PLR2004 - (3 + 1) * 2 + 3 + 1
    except Exception:  # noqa: BLE001 - whatever a later numba raises, it compiles as it likes
        return False
