"""Filecheck: what is wrong with a file that should be a street extract."""

from __future__ import annotations

from difflib import get_close_matches
from stat import S_ISDIR
from typing import TYPE_CHECKING, TypeVar

from doorstep.errors import ExtractError
from doorstep.network.osm.josm import read_head

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"SQLite format 3": "an SQLite database or GeoPackage",
    b"\x1f\x8b": "gzip; such a file should end in .osm.gz",
    b"BZh": "bzip2; such a file should end in .osm.bz2",
    b"<?xml": "XML; such a file should end in .osm",
    b"<osm": "OSM XML; such a file should end in .osm",
    b"<!DOCTYPE": "a web page, perhaps of a server that refused the download",
    b"<html": "a web page, perhaps of a server that refused the download",
    b"{": "JSON",
}
PBF_HEADER = b"OSMHeader"
CUT_WORDS = ("EOF", "no element found", "unclosed", "close failed", "read failed", "truncated", "ends within a block")
"""What readers say of files that are not whole."""


def well_read(path: Path, read: Callable[[], T]) -> T:
    """Return what is read from an extract; raises ExtractError if its path cannot be one, or its reader gives up."""
    import osmium

    check_file(path)
    try:
        return read()
    except (RuntimeError, ValueError, OverflowError, OSError, osmium.InvalidLocationError) as error:
        raise unreadable(path, error) from error


def check_file(path: Path) -> None:
    """Raise ExtractError if a path cannot be that of an extract."""
    try:
        found = path.stat() if path.exists() else None
    except OSError as refused:
        raise _closed(path, refused) from refused
    if found is None:
        folder = path.parent
        names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        near = get_close_matches(path.name, [name for name in names if name != path.name], n=1)
        fix = f"did you mean {str(folder / near[0])!r}?" if near else "check the path"
        what = f"is a link to {path.readlink()}, which is not there" if path.is_symlink() else "there is no such file"
        raise ExtractError.of(str(path), what, fix, "no-file")
    if S_ISDIR(found.st_mode):
        raise ExtractError.of(str(path), "is a folder", "name a file in it", "no-file")
    name = path.name.lower()
    if not name.endswith(SUFFIXES):
        graph = name.endswith(".graphml")
        fix = "write `graphml:` instead of `extract:`" if graph else f"Doorstep reads {', '.join(SUFFIXES)}"
        raise ExtractError.of(str(path), "is no street extract by the end of its name", fix, "wrong-suffix")
    if found.st_size == 0:
        raise ExtractError.of(str(path), "is empty", "fetch it again", "empty-file")
    if not name.endswith(".pbf") and b"<osmChange" in read_head(path):
        what = "holds changes to a map (osmChange), not a map"
        raise ExtractError.of(str(path), what, "apply them to an extract first, or give that extract", "not-osm")


def unreadable(path: Path, error: Exception) -> ExtractError:
    """Return what is wrong with a file that pyosmium gave up on, by its first bytes and the reader's words."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as refused:
        return _closed(path, refused)
    name = path.name.lower()
    expected = {".gz": b"\x1f\x8b", ".bz2": b"BZh"}.get(path.suffix.lower(), b"")
    right = (PBF_HEADER in head) if name.endswith(".pbf") else head.startswith(expected or (b"<?xml", b"<osm"))
    told = next((what for magic, what in MAGIC.items() if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(magic)), None)
    if PBF_HEADER in head and not name.endswith(".pbf"):
        told = "a PBF; such a file should end in .osm.pbf"
    if not right and told:
        fix = "rename it, or give another file" if "should end" in told else "give another file"
        return ExtractError.of(str(path), f"is no extract: its first bytes are those of {told}", fix, "not-osm")
    if not right and name.endswith(".pbf"):
        what = "is no PBF by its first bytes"
        return ExtractError.of(str(path), what, "give another file", "not-osm")
    if expected and right and PBF_HEADER in read_head(path):
        what = f"is a PBF packed in {path.suffix[1:]}, as nobody reads it"
        return ExtractError.of(str(path), what, "unpack it, and name it .osm.pbf", "not-osm")
    if right and any(word in str(error) for word in CUT_WORDS):
        return ExtractError.of(str(path), f"is cut off before its end ({error})", "fetch it again, whole", "cut-off")
    return ExtractError.of(str(path), f"cannot be read ({error})", "fetch it again, or give another file", "unreadable")


def _closed(path: Path, refused: OSError) -> ExtractError:
    return ExtractError.of(
        str(path), f"cannot be opened: {refused.strerror}", "check its name and permissions", "unreadable"
    )
