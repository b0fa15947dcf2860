"""JOSM: files saved by the editor of that name, in which what was deleted is still there, marked as such."""

from __future__ import annotations

import bz2
import gzip
import re
from pathlib import Path
from typing import BinaryIO, cast

from doorstep.network.counting import counted

HEAD = 1024
"""Bytes at the beginning in which a file says what wrote it."""
_DELETED = re.compile(rb"<(node|way|relation)\b[^>]*\baction=['\"]delete['\"][^>]*?(?:/>|>.*?</\1>)", re.DOTALL)


def read_head(path: Path) -> bytes:
    """Return the first bytes of a text, unpacked; nothing where they cannot be read, which others tell."""
    try:
        with _opened(path) as file:
            return file.read(HEAD)
    except (OSError, EOFError):
        return b""


def without_deleted(path: Path, folder: str) -> tuple[Path, str]:
    """Return a file without what JOSM marked as deleted, and how much that was; others as they are (wiki `JOSM file`).

    The copy lies in the folder.
    """
    if b"JOSM" not in read_head(path):
        return path, ""
    try:
        with _opened(path) as file:
            left, count = _DELETED.subn(b"", file.read())
    except (OSError, EOFError):
        return path, ""
    if not count:
        return path, ""
    copy = Path(folder) / "left.osm"
    copy.write_bytes(left)
    return copy, f"{counted(count, 'object')} marked as deleted left out"


def _opened(path: Path) -> BinaryIO:
    """Return a file opened for reading, unpacked by the end of its name."""
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(path))
    return cast("BinaryIO", bz2.open(path)) if path.suffix.lower() == ".bz2" else path.open("rb")
