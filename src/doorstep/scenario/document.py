"""A YAML document as plain values that remember where in which file each of them stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from doorstep.errors import Fault, Mark, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import yaml

DEEPEST = 100
"""Tables within tables; a scenario's are six deep."""
LIMIT = 500_000
"""Values in one file; aliases of aliases could otherwise fill the memory."""

_INT = re.compile(r"[-+]?[0-9]+")
_OCT_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

Scalar: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document with its place in the file."""

    value: Scalar | dict[str, Entry] | list[Node]
    mark: Mark

    @property
    def entries(self) -> dict[str, Entry]:
        """Keys and values of a map; none of anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """Values of a list; none of anything else."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> object:
        """Return the value without its places."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def at(self, loc: Sequence[str | int]) -> Node | None:
        """Return the value at a path of keys and positions; None where there is none."""
        node: Node | None = self
        for step in loc:
            node = node.child(step) if node else None
        return node

    def child(self, step: str | int) -> Node | None:
        """Return the value at one key or position; None where there is none."""
        if str(step) in self.entries:
            return self.entries[str(step)].node
        return self.items[step] if isinstance(step, int) and 0 <= step < len(self.items) else None

    def mark_of(self, loc: Sequence[str | int], *, key: bool = False) -> Mark:
        """Return the mark of a path's value, or of its key; of the nearest thing around it that is written down."""
        node, mark = self, self.mark
        for depth, step in enumerate(loc):
            below = node.child(step)
            if below is None:
                return mark
            entry = node.entries.get(str(step))
            named = entry and (key or depth < len(loc) - 1 or below.mark.line != entry.key.line)
            mark = entry.key if entry and named else below.mark
            node = below
        return mark


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a map with its value."""

    key: Mark
    node: Node


def parse(text: str, file: str) -> Node:
    """Return the document of a YAML text: one map, by the core rules of YAML 1.2.

    Raises
    ------
    ScenarioError
        With every fault: bad syntax, keys given twice, tags, an empty file, something else than a map.
    """
    import yaml

    lines = text.splitlines()
    reader = _Reader(lines, file)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        _ask_shallow(text, loader)
        root = yaml.compose(text, Loader=loader)
        node = reader.node(root) if root is not None else None
    except (yaml.YAMLError, RecursionError) as error:
        # Newer parsers have a limit of their own, and say so in these words.
        if isinstance(error, yaml.YAMLError) and "nesting depth" not in str(error):
            _syntax_fault(error, text, lines, file)
        raise ScenarioError.of(file, "values are nested too deeply", "no table needs that", "too-deep") from error
    if node is None:
        raise ScenarioError([Fault(file, "the file is empty", "start from: doorstep new FILE", "empty-file")])
    if not isinstance(node.value, dict):
        what = "a list" if isinstance(node.value, list) else "a single value"
        fix = "write keys with values, as in `name: my-town`"
        reader.faults.append(Fault("", f"the file holds {what}, not a map", fix, "not-a-map", node.mark))
    if reader.faults:
        raise ScenarioError(reader.faults)
    return node


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    ScenarioError
        If it cannot be read or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScenarioError.of(str(path), f"the file cannot be read: {reason.lower()}", code="unreadable") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        shown = data.splitlines()[line - 1].decode("utf-8", "replace") if b"\0" not in data else ""
        mark = Mark(str(path), line, column, 1, shown)
        what, fix = f"byte 0x{data[error.start]:02X} is not UTF-8", "save the file with the encoding UTF-8"
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            what = "the file is UTF-16, not UTF-8"
        elif path.name.endswith((".pbf", ".osm.gz", ".osm.bz2")):
            what, fix = "a street extract is no scenario", f"write one for it: doorstep new FILE --extract {path}"
        raise ScenarioError([Fault("", what, fix, "encoding", mark)]) from error


def _ask_shallow(text: str, loader: Any) -> None:
    """Raise RecursionError for a text nested so deeply that composing it would end the program."""
    import yaml

    if max(text.count(opener) for opener in "[{-?") <= DEEPEST:
        return
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise RecursionError


class _Reader:
    """Turns composed nodes into ours and collects the faults met."""

    def __init__(self, lines: list[str], file: str) -> None:
        self.lines, self.file = lines, file
        self.faults: list[Fault] = []
        self.open: list[int] = []
        self.count = 0

    def node(self, raw: yaml.Node) -> Node:
        mark = self.mark(raw)
        self.count += 1
        if self.count == LIMIT:
            what, fix = f"the file holds more than {LIMIT} values", "orders belong in a table of their own"
            self.faults.append(Fault("", what, fix, "too-large", mark))
        if id(raw) in self.open or self.count > LIMIT:
            if id(raw) in self.open:
                self.faults.append(Fault("", "a value contains itself", "write it out", "alias-circle", mark))
            return Node(None, mark)
        if not raw.tag.startswith("tag:yaml.org,2002:") or raw.tag.rsplit(":", 1)[1] not in ("str", "seq", "map"):
            shown = raw.tag.replace("tag:yaml.org,2002:", "!!")
            self.faults.append(Fault("", f"the tag {shown} means nothing here", "leave it out", "tag", mark))
        self.open.append(id(raw))
        try:
            if isinstance(raw.value, str):
                return Node(resolved_scalar(raw.value) if not raw.style else raw.value, mark)  # type: ignore[attr-defined]
            if raw.id == "sequence":  # type: ignore[attr-defined]
                return Node([self.node(item) for item in raw.value], mark)
            return Node(dict(self.entries(raw.value)), mark)
        finally:
            self.open.pop()

    def entries(self, pairs: list[tuple[yaml.Node, yaml.Node]]) -> Iterator[tuple[str, Entry]]:
        seen: dict[str, Mark] = {}
        for raw_key, raw_value in pairs:
            mark = self.mark(raw_key)
            if not isinstance(raw_key.value, str):
                self.faults.append(Fault("", "a key is a list or a map", "a key is a single word", "key", mark))
                continue
            key = raw_key.value
            if key == "<<":
                fix = "use `extends: FILE`, or write the keys out"
                self.faults.append(Fault("", "merge keys (<<) are not part of YAML 1.2", fix, "merge-key", mark))
                continue
            if key in seen:
                what = f"key '{key}' is given twice, first in line {seen[key].line}"
                self.faults.append(Fault("", what, "keep one of them", "duplicate-key", mark))
                continue
            seen[key] = mark
            yield key, Entry(mark, self.node(raw_value))

    def mark(self, raw: yaml.Node) -> Mark:
        start, end = raw.start_mark, raw.end_mark
        text = self.lines[start.line] if start.line < len(self.lines) else ""
        written = text[start.column :].rstrip()
        length = end.column - start.column if end.line == start.line else len(written)
        return Mark(self.file, start.line + 1, start.column + 1, max(length, 1), text)


def resolved_scalar(text: str) -> Scalar:
    """Return what an unquoted text means by the core schema of YAML 1.2, section 10.3.2."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) < 400 else float("inf")  # noqa: PLR2004  # Python refuses longer integers
    if _OCT_HEX.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) or text.lower() in (".inf", "-.inf", "+.inf", ".nan"):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


_TOLD = {
    "mapping values are not allowed": ("a colon stands where a value should be", "quote the value, or mind the indent"),
    "could not find expected ':'": ("a key without a colon", "write `key: value`"),
    "did not find expected key": ("the indentation does not fit the lines above", "align keys of one map"),
    "did not find expected '-' indicator": ("a key among the items of a list", "indent it, or begin it with `- `"),
    "did not find expected ',' or ']'": ("a list is never closed", "add a `]`"),
    "did not find expected ',' or '}'": ("a map is never closed", "add a `}`"),
    "did not find expected node content": ("a value is missing, or a bracket is never closed", "add it"),
    "found undefined alias": ("an alias (*) without its anchor (&)", "quote the text if a star was meant"),
    "found unexpected end of stream": ("a quote is never closed", "add the closing quote"),
    "but found another document": ("a second document begins here (---)", "keep one scenario in a file"),
    "found character that cannot start any token": ("no value may begin with this character", "put it in quotes"),
}


def _syntax_fault(error: yaml.YAMLError, text: str, lines: list[str], file: str) -> NoReturn:
    """Raise what a YAML parser complains about, in words for people."""
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", "") or getattr(error, "reason", "") or error)
    line, column = (place.line, place.column) if place else (0, 0)
    if hasattr(error, "position"):
        before = text[: error.position] if isinstance(error.position, int) else ""
        line, column = before.count("\n"), len(before.rpartition("\n")[2])
    shown = lines[line] if line < len(lines) else ""
    mark = Mark(file, line + 1, column + 1, 1, shown)
    if "\t" in shown[: column + 1] and not shown[: column + 1].strip():
        fault = Fault("", "a tab is used for indentation", "use spaces", "yaml-tab", mark)
    else:
        told = next((words for key, words in _TOLD.items() if key in said), (said, ""))
        fault = Fault("", f"not YAML: {told[0]}", told[1], "yaml", mark)
    raise ScenarioError([fault]) from error
