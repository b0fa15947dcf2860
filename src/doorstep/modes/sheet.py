"""Cell: a YAML file as values with the places where they stand, read by the core rules of YAML 1.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

import yaml

from doorstep.errors import CatalogError, Fault, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ODD = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}

Scalar: TypeAlias = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a file, or a table of cells."""

    value: Scalar
    """None for a table, and for nothing."""
    mark: Mark
    cells: Mapping[str, Cell] | None = None
    """By key, where this is a table."""
    keys: Mapping[str, Mark] | None = None
    """Where each of those keys stands."""


def near(word: str, known: Iterable[str]) -> str:
    """Return a mend for a word that is not known: its nearest neighbour, or all there are."""
    known = list(known)
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}"


def read_sheet(path: Path) -> Cell:
    """Return a YAML file as cells; CatalogError with every fault of its form."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        folder = path.parent
        names = sorted(p.name for p in folder.glob("*.y*ml")) if folder.is_dir() else []
        fix = near(path.name, names) if names else "give the path of a YAML file"
        raise CatalogError.of(str(path), "there is no such file", fix, "missing-file") from None
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is not UTF-8"
        raise CatalogError.of(str(path), what, "save the file as UTF-8", "bad-encoding") from None
    except OSError as error:
        raise CatalogError.of(str(path), f"cannot be read: {error.strerror}", code="unreadable-file") from None
    lines = text.splitlines()
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise CatalogError([_broken(path, lines, error)]) from None
    faults: list[Fault] = []
    sheet = _cell(root, str(path), lines, faults, ()) if root else None
    if sheet is None or sheet.cells is None:
        faults.append(Fault(str(path), "holds no table of values", "start from a file of the catalogue", "empty-file"))
    if faults or sheet is None:
        raise CatalogError(faults)
    return sheet


def _broken(path: Path, lines: list[str], error: yaml.YAMLError) -> Fault:
    """Return the fault of a file that is not YAML."""
    at = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    mark = None
    if at is not None:
        text = lines[at.line] if at.line < len(lines) else ""
        mark = Mark(str(path), at.line + 1, at.column + 1, 1, text)
    fix = "put the percent sign in quotes" if mark and mark.text[mark.column - 1 :].startswith("%") else "mend the line"
    return Fault("" if mark else str(path), f"is not YAML: {what}", fix, "bad-yaml", mark)


def _cell(node: yaml.Node, file: str, lines: list[str], faults: list[Fault], above: tuple[yaml.Node, ...]) -> Cell:
    """Return a node as a cell, noting faults of form."""
    mark = _mark(node, file, lines)
    if isinstance(node, yaml.ScalarNode):
        return Cell(_scalar(node), mark)
    if not isinstance(node, yaml.MappingNode) or any(node is other for other in above):
        faults.append(Fault("", "a table of `key: value` belongs here", "write one value a key", "bad-form", mark))
        return Cell(None, mark)
    cells: dict[str, Cell] = {}
    keys: dict[str, Mark] = {}
    for key, value in node.value:
        name, at = str(key.value), _mark(key, file, lines)
        if name in cells:
            faults.append(Fault(name, "the key is there twice", "keep one of them", "duplicate-key", at))
        cells[name] = _cell(value, file, lines, faults, (*above, node))
        keys[name] = at
    return Cell(None, mark, cells, keys)


def _mark(node: yaml.Node, file: str, lines: list[str]) -> Mark:
    """Return where a node stands."""
    start, end = node.start_mark, node.end_mark
    length = max(1, end.column - start.column) if start.line == end.line else 1
    text = lines[start.line] if start.line < len(lines) else ""
    return Mark(file, start.line + 1, start.column + 1, length, text)


def _scalar(node: yaml.ScalarNode) -> Scalar:
    """Return what a scalar means in the core schema of YAML 1.2, section 10.3.2."""
    text: str = node.value
    if node.style in {"'", '"', "|", ">"}:
        return text
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if text.lower() in _ODD:
        return _ODD[text.lower()]
    return float(text) if _NUMBER.fullmatch(text) else text
