"""Linking: functions that only compiled code calls become machine code once, with the functions that Python calls.

numba makes machine code of every function with all that it calls, and so of the innermost ones again and again.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class _Nothing:
    """Stands for the machine code of a part."""

    def set_env(self, name: str, env: Any) -> None:
        """Note nothing."""


class Part(JITCodeLibrary):  # type: ignore[misc]
    """Code of one function, neither optimised nor made machine code by itself."""

    @property
    def codegen(self) -> Any:
        """What makes machine code: none here, so there is nowhere to note the function's globals."""
        return _Nothing()

    def finalize(self) -> None:
        """Leave all to the functions that call this one."""
        self._finalized = True


class Whole(JITCodeLibrary):  # type: ignore[misc]
    """Code of a function with that of all parts it calls, directly or not."""

    def add_linking_library(self, library: Any) -> None:
        """Add a function, and what that calls."""
        if library in self._linking_libraries:
            return
        super().add_linking_library(library)
        if isinstance(library, Part):
            for other in library._linking_libraries:
                self.add_linking_library(other)


class PartCompiler(Compiler):  # type: ignore[misc]
    """Compiler of a part."""

    library = Part

    def define_pipelines(self) -> Any:
        """Choose where the code goes."""
        self.state.library = self.library(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        self.state.library.enable_object_caching()
        return super().define_pipelines()


class WholeCompiler(PartCompiler):
    """Compiler of a function with its parts."""

    library = Whole
