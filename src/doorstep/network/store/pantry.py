"""Pantry: networks that were read before, kept as plain columns so that the next load takes a moment.

A stored network goes by what the file holds and by the rules that read it: another byte in either, and it is read anew.
It is a folder of files: the map, its ways, and each layer as soon as it was laid.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import ExtractError
from doorstep.network.access import RULES
from doorstep.network.assemble import assemble_network
from doorstep.network.extract import chart_extract, read_extract
from doorstep.network.given import given_path
from doorstep.network.layers import Layers
from doorstep.network.network import KnownRoadside
from doorstep.network.rulebook import USUAL
from doorstep.network.store.packing import pack_layer, pack_map, pack_ways, unpack_layer, unpack_map, unpack_ways
from doorstep.network.store.shelf import read_columns, write_columns
from doorstep.network.streets import lay_streets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.network.assemble import Sheet
    from doorstep.network.chart import Chart
    from doorstep.network.network import Medium, Network
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.streets import Streets
    from doorstep.network.ways import StreetTable

UNFIT = (OSError, ValueError, TypeError, KeyError)
"""What files raise that were not stored, or are not as they were."""


def load_extract(path: str | Path, folder: str | Path, rules: RuleBook = USUAL) -> Network:
    """Return the network of an extract: from the folder if the same file was read before, else read and stored there.

    A folder that cannot be written is said in a note. Raises ExtractError as `read_extract` does.
    """
    path = given_path(path)
    try:
        shelf = _Shelf(Path(folder) / "extracts" / _key(path, rules), path, rules)
    except OSError:
        return read_extract(path, rules)  # which knows how to tell it
    sheet, roadside = shelf.map()
    return assemble_network(sheet, Layers(RULES, shelf.layer), roadside)


class _Shelf:
    """A folder where a network is stored, and whatever of it had to be read or laid anew."""

    def __init__(self, folder: Path, path: Path, rules: RuleBook) -> None:
        """Keep where the network is stored, and what it is read from if it is not, wherever one works by then."""
        self.folder, self.path, self.rules = folder.absolute(), path, rules
        self.lasting = path.absolute()
        self.xy_m: NDArray[np.float64] = np.empty((0, 2))
        self.table: StreetTable | None = None

    def map(self) -> tuple[Sheet, KnownRoadside]:
        """Return the map but for its layers."""
        try:
            sheet, self.xy_m, roadside = unpack_map(self._load("map"))
        except UNFIT:
            chart = self._read(self.path)
            sheet, self.table, self.xy_m = chart.sheet, chart.streets, chart.streets.xy_m
            failed = self._store("ways", pack_ways(self.table))
            failed = failed or self._store("map", pack_map(sheet, self.xy_m, chart))
            roadside = KnownRoadside(chart.doors, chart.lockers_m, (*chart.notes, *failed))
        return sheet, roadside

    def layer(self, medium: Medium) -> Streets:
        """Return a layer."""
        try:
            return unpack_layer(self._load(medium), medium, self.xy_m)
        except UNFIT:
            streets = lay_streets(self._ways(), medium)
        failed = self._store(medium, pack_layer(streets))
        return replace(streets, notes=(*streets.notes, *failed))

    def _ways(self) -> StreetTable:
        """Return the ways, of which layers are laid."""
        if self.table is None:
            try:
                self.table = unpack_ways(self._load("ways"), self.xy_m)
            except UNFIT:
                self.table = self._read(self.lasting).streets
        return self.table

    def _read(self, path: Path) -> Chart:
        """Return what the extract holds; raises ExtractError if it is no longer the one that is stored here."""
        chart = chart_extract(path, self.rules)
        if _key(path, self.rules) != self.folder.name:
            what, fix = "has changed since it was opened", "load it again, once nobody writes to it"
            raise ExtractError.of(str(path), what, fix, "changed")
        return chart

    def _load(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the columns of one file."""
        with (self.folder / f"{name}.columns").open("rb") as file:
            return read_columns(file)

    def _store(self, name: str, columns: Mapping[str, NDArray[Any]]) -> tuple[str, ...]:
        """Write a file so that nobody ever sees half of it, or return why it cannot be."""
        part = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                write_columns(file, columns)
            Path(part).replace(self.folder / f"{name}.columns")
        except OSError as error:
            return (f"this map cannot be kept for the next time: {error.strerror} ({self.folder.parent})",)
        finally:
            if part is not None:
                Path(part).unlink(missing_ok=True)
        return ()


def _key(path: Path, rules: RuleBook) -> str:
    """Return what a stored network goes by: the bytes of the file, its name, and the rules that read it."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256")
    content.update(path.name.encode())
    content.update(repr(rules).encode())
    content.update(_rules())
    return content.hexdigest()


@cache
def _rules() -> bytes:
    """Return a digest of this room's code, so that no network outlives the rules that made it."""
    told = hashlib.sha256(np.__version__.encode())
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        told.update(file.read_bytes())
    return told.digest()
