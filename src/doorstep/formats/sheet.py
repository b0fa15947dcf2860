"""Sheet: the lines of a text file and everything found wrong in them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from doorstep.errors import Fault, InputError, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_FAULTS = 50
"""Faults that are told one by one; a file of another kind would have thousands."""
LARGEST_FILE = 1 << 30
"""Bytes; a full matrix of 10,000 places is half as large."""

LARGEST_NUMBER = 1e15


@dataclass(slots=True)
class Sheet:
    """Lines, and the faults found while they are read."""

    file: str
    lines: list[str]
    faults: list[Fault] = field(default_factory=list)
    more: int = 0
    """Faults beyond those that are kept."""

    def fault(self, line: int, what: str, fix: str = "", code: str = "format", token: str = "") -> None:
        """Note a fault at a line, counted from 1; 0 is the file as a whole."""
        if len(self.faults) >= MOST_FAULTS:
            self.more += 1
            return
        mark = None
        if 0 < line <= len(self.lines):
            text = self.lines[line - 1]
            # Not a piece of a longer number or word.
            found = re.search(rf"(?<!\S){re.escape(token)}(?!\S)", text) if token else None
            begin = found.start() if found else len(text) - len(text.lstrip())
            mark = Mark(self.file, line, begin + 1, len(token) or max(1, len(text.strip())), text)
        self.faults.append(Fault("" if mark else self.file, what, fix, code, mark))

    @property
    def told(self) -> int:
        """Number of faults so far."""
        return len(self.faults) + self.more

    def number(self, line: int, token: str) -> float:
        """Return a finite number; a fault and 0 for anything else."""
        try:
            value = float(token)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in token:
            self.fault(line, f"'{token}' is not a number", code="number", token=token)
            return 0.0
        if abs(value) > LARGEST_NUMBER:
            what = f"{token} is more than can be counted exactly"
            self.fault(line, what, "count it in larger units", "beyond-measure", token)
            return 0.0
        return value

    def numbers(self, line: int, tokens: Iterable[str]) -> list[float]:
        """Return finite numbers, with a fault for each that is not one."""
        return [self.number(line, token) for token in tokens]

    def positive(self, line: int, token: str) -> float:
        """Return a number above 0; a fault for anything else."""
        told = self.told
        value = self.number(line, token)
        if value <= 0 and self.told == told:
            self.fault(line, f"{token} must be above 0", code="number", token=token)
        return value

    def whole(self, line: int, token: str, least: int = 0) -> int:
        """Return a whole number; a fault and the least for anything else."""
        told = self.told
        value = self.number(line, token)
        if self.told > told:
            return least
        if value != int(value) or value < least:
            self.fault(line, f"'{token}' is not a whole number of {least} or more", code="number", token=token)
            return least
        return int(value)

    def stop(self) -> None:
        """Raise all faults found so far.

        Raises
        ------
        InputError
            If there are any.
        """
        if self.faults:
            rest = [Fault(self.file, f"{self.more} more faults", "mend the first ones", "more")] if self.more else []
            raise InputError([*self.faults, *rest])


def read_lines(path: Path | str) -> Sheet:
    """Return the lines of a text file.

    Raises
    ------
    InputError
        If the file is not there, is no text, or is empty.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError.of(str(path), "is larger than 1 GiB", "give a problem of at most 20,000 places", "size")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError.of(str(path), "there is no such file", "look at the path", "missing-file") from None
    except UnicodeDecodeError:
        text = path.read_text(encoding="latin-1")
    except OSError as error:
        raise InputError.of(str(path), f"cannot be read: {error.strerror}", code="unreadable") from None
    if "\0" in text:
        raise InputError.of(str(path), "is no text file", "unpack it first", "not-text")
    if not text.strip():
        raise InputError.of(str(path), "is empty", code="empty")
    return Sheet(path.name, text.removesuffix("\n").split("\n"))  # splitlines would cut JSON's texts at U+2028
