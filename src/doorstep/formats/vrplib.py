"""VRPLIB: the keys and sections of a .vrp file as numbers, every fault noted with its line."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.weights import LAYOUTS, unfolded, written_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.formats.sheet import Sheet

KEYS = {
    "NAME": str,
    "COMMENT": str,
    "TYPE": str,
    "DIMENSION": int,
    "VEHICLES": int,
    "CAPACITY": float,
    "SERVICE_TIME": float,
    "DISTANCE": float,
    "VEHICLES_MAX_DURATION": float,
    "VEHICLES_MAX_DISTANCE": float,
    "VEHICLES_MAX_RELOADS": int,
    "EDGE_WEIGHT_TYPE": str,
    "EDGE_WEIGHT_FORMAT": str,
    "NODE_COORD_TYPE": str,
    "DISPLAY_DATA_TYPE": str,
}
"""Keys that are understood, and what they hold."""
PER_NODE = {
    "NODE_COORD_SECTION": 2,
    "DEMAND_SECTION": 1,
    "SERVICE_TIME_SECTION": 1,
    "TIME_WINDOW_SECTION": 2,
    "RELEASE_TIME_SECTION": 1,
    "PRIZE_SECTION": 1,
    "DISPLAY_DATA_SECTION": 2,
}
"""Sections with one row for each node, and how many numbers follow the node's."""
PER_VEHICLE = {
    "CAPACITY_SECTION": 1,
    "VEHICLES_DEPOT_SECTION": 1,
    "VEHICLES_MAX_DURATION_SECTION": 1,
    "VEHICLES_MAX_DISTANCE_SECTION": 1,
    "VEHICLES_MAX_RELOADS_SECTION": 1,
    "VEHICLES_FIXED_COST_SECTION": 1,
    "VEHICLES_UNIT_DISTANCE_COST_SECTION": 1,
}
LISTS = ("VEHICLES_ALLOWED_CLIENTS_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION", "MUTUALLY_EXCLUSIVE_GROUP_SECTION")
"""Sections of rows of nodes, a vehicle or a group each."""
FLAT = ("DEPOT_SECTION", "EDGE_WEIGHT_SECTION")
SECTIONS = (*PER_NODE, *PER_VEHICLE, *LISTS, *FLAT)
_KNOWN_ELSEWHERE = {
    "BACKHAUL_SECTION": "goods brought back are not read from this format",
    "LINEHAUL_SECTION": "goods brought back are not read from this format",
    "PICKUP_AND_DELIVERY_SECTION": "pairs are read from Li and Lim's format and from VROOM JSON",
}
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*(:?)\s*(.*)")
_END = re.compile(r"-1(\.0*)?")
"""Word that ends the depots."""
Rows = list[tuple[int, list[str]]]


@dataclass(slots=True)
class VrpText:
    """Keys and rows of a file, with their lines."""

    sheet: Sheet
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[str, tuple[int, Rows]] = field(default_factory=dict)
    ended: int = 0
    """Line of EOF; 0 where there is none."""

    def text(self, key: str, default: str = "") -> str:
        """Return what a key says."""
        return self.keys[key][1] if key in self.keys else default

    def value(self, key: str) -> float | None:
        """Return the number that a key says; None where the file does not have it, or it is at fault."""
        if key not in self.keys:
            return None
        line, token = self.keys[key]
        before = len(self.sheet.faults)
        value = float(self.sheet.whole(line, token)) if KEYS[key] is int else self.sheet.number(line, token)
        if value < 0:
            self.sheet.fault(line, f"{key} is negative", code="negative", token=token)
        return value if len(self.sheet.faults) == before else None

    def has(self, section: str) -> bool:
        """Tell whether the file has a section."""
        return section in self.sections

    def table(self, section: str, rows: int) -> NDArray[np.float64]:
        """Return the numbers of a section with one row for each node or vehicle [rows, values]."""
        width = {**PER_NODE, **PER_VEHICLE}[section]
        found, seen = np.zeros((rows, width)), np.zeros(rows, bool)
        head, lines = self.sections[section]
        for line, tokens in lines:
            if len(tokens) != width + 1:
                what = f"{section} needs {width + 1} numbers a line, here are {len(tokens)}"
                self.sheet.fault(line, what, code="row")
                continue
            index = self.sheet.whole(line, tokens[0], 1)
            if index > rows:
                what = f"{section} speaks of number {index}, but there are only {rows}"
                self.sheet.fault(line, what, "look at DIMENSION and VEHICLES", "range", tokens[0])
                continue
            if seen[index - 1]:
                self.sheet.fault(line, f"{section} says number {index} twice", code="twice", token=tokens[0])
            found[index - 1], seen[index - 1] = self.sheet.numbers(line, tokens[1:]), True
        missing = np.flatnonzero(~seen) + 1
        if missing.size:
            names = ", ".join(map(str, missing[:5])) + (", …" if missing.size > 5 else "")  # noqa: PLR2004
            what = f"{section} has {rows - missing.size} of {rows} rows; missing: {names}"
            self.sheet.fault(head, what, "is the file cut off?", "truncated")
        return found

    def lists(self, section: str, rows: int | None, nodes: int) -> list[list[int]]:
        """Return the nodes, from 1, of each row of a section; `rows` is how many there must be."""
        head, lines = self.sections[section]
        found: dict[int, list[int]] = {}
        for line, tokens in lines:
            index = self.sheet.whole(line, tokens[0], 1)
            if index in found:
                self.sheet.fault(line, f"{section} says number {index} twice", code="twice", token=tokens[0])
            found[index] = [self.sheet.whole(line, token, 1) for token in tokens[1:]]
            for node in found[index]:
                if node > nodes:
                    what = f"{section} speaks of node {node}, but there are only {nodes}"
                    self.sheet.fault(line, what, "look at DIMENSION", "range", str(node))
        if not found and rows is None:
            self.sheet.fault(head, f"{section} has no rows", "is the file cut off?", "truncated")
        rows = len(found) if rows is None else rows
        if sorted(found) != list(range(1, rows + 1)):
            what = f"{section} has {len(found)} rows where numbers 1 to {rows} are needed"
            self.sheet.fault(head, what, "is the file cut off?", "truncated")
        return [found.get(index, []) for index in range(1, rows + 1)]

    def flat(self, section: str) -> tuple[int, list[tuple[int, str]]]:
        """Return the section's line and all its words with their lines."""
        head, lines = self.sections[section]
        return head, [(line, token) for line, tokens in lines for token in tokens]

    def depots(self, nodes: int) -> list[int]:
        """Return the depots as nodes from 1; node 1 where the file names none."""
        if not self.has("DEPOT_SECTION"):
            return [1]
        head, words = self.flat("DEPOT_SECTION")
        found: list[int] = []
        end = next((k for k, (_, token) in enumerate(words) if _END.fullmatch(token)), len(words))
        for line, token in [word for word in words[end:] if not _END.fullmatch(word[1])][:1]:
            what = f"DEPOT_SECTION goes on with {token} after -1"
            self.sheet.fault(line, what, "-1 ends it: put it last", "after-end", token)
        for line, token in words[:end]:
            node = self.sheet.whole(line, token, 1)
            if node > nodes:
                self.sheet.fault(line, f"depot {node} is no node", "look at DIMENSION", "range", token)
            elif node in found:
                self.sheet.fault(line, f"depot {node} is named twice", code="twice", token=token)
            else:
                found.append(node)
        if not found:
            self.sheet.fault(head, "DEPOT_SECTION names no depot", code="depot")
        return found or [1]

    def matrix(self, nodes: int) -> NDArray[np.float64]:
        """Return the matrix that the file writes out [nodes, nodes]."""
        nothing = np.zeros((nodes, nodes))
        if not self.has("EDGE_WEIGHT_SECTION"):
            self.sheet.fault(0, "EDGE_WEIGHT_TYPE is EXPLICIT, but there is no EDGE_WEIGHT_SECTION", code="missing")
            return nothing
        layout = self.text("EDGE_WEIGHT_FORMAT")
        if layout not in LAYOUTS:
            line = self.keys.get("EDGE_WEIGHT_FORMAT", (0, ""))[0]
            what = f"EDGE_WEIGHT_FORMAT '{layout}' is not known" if layout else "EDGE_WEIGHT_FORMAT is missing"
            self.sheet.fault(line, what, f"one of {', '.join(LAYOUTS)}", "unknown-format", layout)
            return nothing
        head, words = self.flat("EDGE_WEIGHT_SECTION")
        try:
            values = np.array([token for _, token in words], dtype=np.float64)
        except ValueError:
            values = np.array([self.sheet.number(line, token) for line, token in words])
        if not np.isfinite(values).all() or (values < 0).any():
            for line, token in words:
                if not self.sheet.number(line, token) >= 0:
                    self.sheet.fault(line, f"length {token} is negative", code="negative", token=token)
        matrix = unfolded(values, layout, nodes)
        if matrix is None:
            needed = written_size(layout, nodes)
            what = f"EDGE_WEIGHT_SECTION has {values.size} numbers, {layout} of {nodes} nodes needs {needed}"
            self.sheet.fault(head, what, "is the file cut off?", "truncated")
            return nothing
        return matrix


def parse(sheet: Sheet) -> VrpText:
    """Return the keys and sections of a file; what is not known is a fault."""
    found = VrpText(sheet)
    rows: Rows | None = None
    for number, raw in enumerate(sheet.lines, start=1):
        line = raw.strip()
        if not line:
            continue
        if found.ended:
            sheet.fault(number, f"there is more after EOF in line {found.ended}", code="after-end")
            break
        if line.upper() == "EOF":
            found.ended = number
            continue
        header = _HEADER.fullmatch(line) if line[0].isalpha() else None
        if header is None:
            if rows is None:
                sheet.fault(number, "numbers without a section", "a section's name comes first", "stray")
                rows = []
            rows.append((number, line.split()))
            continue
        word, colon, rest = header[1].upper(), header[2], _bare(header[3].strip())
        if word.endswith("_SECTION"):
            rows = _open(found, number, word)
            if rest:
                rows.append((number, rest.split()))
        else:
            rows = None
            _note(found, number, header[1], colon, rest)
    return found


def _bare(value: str) -> str:
    """Drop the quotes around all of a value; quotes inside it are its own."""
    around = len(value) > 1 and value[0] == value[-1] == '"' and '"' not in value[1:-1]
    return value[1:-1] if around else value


def _open(found: VrpText, number: int, word: str) -> Rows:
    rows: Rows = []
    if word in _KNOWN_ELSEWHERE:
        found.sheet.fault(number, f"{word} is not supported", _KNOWN_ELSEWHERE[word], "unsupported", word)
    elif word not in SECTIONS:
        found.sheet.fault(number, f"unknown section {word}", _nearest(word, SECTIONS), "unknown-section", word)
    elif word in found.sections:
        found.sheet.fault(number, f"{word} is there twice", code="twice", token=word)
    else:
        found.sections[word] = number, rows
    return rows


def _note(found: VrpText, number: int, spelt: str, colon: str, rest: str) -> None:
    word = spelt.upper()
    if word not in KEYS:
        known = _nearest(word, (*KEYS, *SECTIONS))
        found.sheet.fault(number, f"unknown key {spelt}", known, "unknown-key", spelt)
    elif word in found.keys and word != "COMMENT":
        found.sheet.fault(number, f"{word} is there twice", code="twice", token=spelt)
    elif not colon and not rest:
        found.sheet.fault(number, f"{word} says nothing", "write KEY : VALUE", "empty", spelt)
    else:
        found.keys[word] = number, rest


def _nearest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
