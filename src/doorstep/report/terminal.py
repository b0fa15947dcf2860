"""Terminal: a rich console that leaves a closed pipe to whoever opened it."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console


class Terminal(Console):
    """Raises BrokenPipeError instead of leaving with an exit code of its own."""

    def on_broken_pipe(self) -> NoReturn:
        """Pass the closed pipe on."""
        raise BrokenPipeError


def plain_terminal(*, stderr: bool = False) -> Terminal:
    """Return a console whose words stay as they are written."""
    return Terminal(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
