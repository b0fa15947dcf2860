"""Terminal: a rich console that leaves a closed pipe to whoever opened it."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console


class Terminal(Console):
    """Raises BrokenPipeError instead of leaving with an exit code of its own."""

    def on_broken_pipe(self) -> NoReturn:
        """Pass the closed pipe on."""
        raise BrokenPipeError
