"""The errors of Doorstep.

DoorstepError                    anything that Doorstep itself raises
├── InputError (ValueError)      what the user gave is at fault; carries every Fault found
│   ├── ExtractError             a street extract cannot be read
│   ├── OrderError               a table of orders cannot be read
│   ├── CatalogError             a mode or a price book is at fault
│   ├── ScenarioError            a scenario file is at fault
│   └── PlaceError (OSError)     a named place cannot be had from the map service
├── PlanError (RuntimeError)     no plan keeps the rules
└── StudyError (OSError)         a study's folder cannot be written or read
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Mark:
    """The spot in a text file that a fault points at; lines and columns count from 1."""

    file: str
    line: int
    column: int
    length: int = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it is, what it is, and what would mend it."""

    where: str
    what: str
    fix: str = ""
    code: str = "fault"
    mark: Mark | None = None

    def __str__(self) -> str:
        """Return the fault in one line."""
        place = f"{self.mark.file}:{self.mark.line}:{self.mark.column}: " if self.mark else ""
        mend = f" ({self.fix})" if self.fix else ""
        where = f"{self.where}: " if self.where else ""
        return f"{place}{where}{self.what}{mend}"


class DoorstepError(Exception):
    """Anything that Doorstep itself raises."""


class InputError(DoorstepError, ValueError):
    """What the user gave is at fault; every fault found is in `faults`."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @classmethod
    def of(cls, where: str, what: str, fix: str = "", code: str = "fault") -> Self:
        """Return the error of a single fault."""
        return cls([Fault(where, what, fix, code)])


class ExtractError(InputError):
    """A street extract cannot be read."""


class OrderError(InputError):
    """A table of orders cannot be read."""


class CatalogError(InputError):
    """A mode or a price book is at fault."""


class ScenarioError(InputError):
    """A scenario file is at fault."""


class PlaceError(InputError, OSError):
    """A named place cannot be had from the map service."""


class PlanError(DoorstepError, RuntimeError):
    """No plan keeps the rules."""


class StudyError(DoorstepError, OSError):
    """A study's folder cannot be written or read."""
