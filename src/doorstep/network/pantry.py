"""Pantry: networks that were read before, kept as plain columns so that the next load takes a moment.

A stored network goes by what the file holds and by the rules that read it: another byte in either, and it is read anew.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.edges import Edges
from doorstep.network.extract import read_extract
from doorstep.network.given import given_path
from doorstep.network.network import Doors, Medium, Network
from doorstep.network.rulebook import USUAL
from doorstep.network.shelf import read_columns, write_columns
from doorstep.network.sky import Sky
from doorstep.network.streets import Streets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from doorstep.network.network import Layer
    from doorstep.network.rulebook import RuleBook

    Columns = dict[str, NDArray[Any]]

_EDGES = (
    *("tail", "head", "allowed", "first", "point", "step_m", "speed", "speed_mps", "speed_class", "length_m"),
    *("arc_begin", "arc", "arc_head", "limited", "bans", "copies", "rests", "leads"),
)
_DOORS = ("xy_m", "flat", "homes")


def load_extract(path: str | Path, folder: str | Path, rules: RuleBook = USUAL) -> Network:
    """Return the network of an extract: from the folder if the same file was read before, else read and stored there.

    A folder that cannot be written is said in a note. Raises ExtractError as `read_extract` does.
    """
    path = given_path(path)
    try:
        shelf = Path(folder) / "extracts" / f"{_key(path, rules)}.columns"
    except OSError:
        return read_extract(path, rules)  # which knows how to tell it
    try:
        with shelf.open("rb") as file:
            return _unpacked(read_columns(file))
    except (OSError, ValueError, TypeError, KeyError):
        network = read_extract(path, rules)
    try:
        _store(shelf, _packed(network))
    except OSError as error:
        note = f"this map cannot be kept for the next time: {error.strerror} ({shelf.parent})"
        return dataclasses.replace(network, notes=(*network.notes, note))
    return network


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
    for file in sorted(Path(__file__).parent.glob("*.py")):
        told.update(file.read_bytes())
    return told.digest()


def _packed(network: Network) -> Columns:
    """Return a network as columns."""
    columns: Columns = {f"doors.{name}": getattr(network.doors, name) for name in _DOORS}
    columns |= {"lockers_m": network.lockers_m}
    facts: dict[str, Any] = {name: getattr(network, name) for name in ("crs", "extent_m", "origin", "made_up", "notes")}
    facts["layers"] = {}
    for medium, layer in network.layers.items():
        if isinstance(layer, Streets):
            columns["node_xy_m"] = layer.edges.node_xy_m  # all layers of an extract have the same
            facts["layers"][medium] = [layer.edges.nodes, layer.left_out_parts, layer.left_out_m]
            columns |= {f"{medium}.{name}": getattr(layer.edges, name) for name in _EDGES}
            columns[f"{medium}.left_out_node"] = layer.left_out_node
    columns["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    return columns


def _unpacked(columns: Mapping[str, NDArray[Any]]) -> Network:
    """Return the network that was packed."""
    facts = json.loads(columns["facts"].tobytes())
    layers: dict[Medium, Layer] = {Medium.AIR: Sky()}
    node_xy_m = columns["node_xy_m"]
    for medium, (nodes, parts, length_m) in facts["layers"].items():
        edges = Edges(nodes, node_xy_m=node_xy_m, **{name: columns[f"{medium}.{name}"] for name in _EDGES})
        layers[Medium(medium)] = Streets(Medium(medium), edges, parts, length_m, columns[f"{medium}.left_out_node"])
    return Network(
        crs=facts["crs"],
        extent_m=tuple(facts["extent_m"]),
        layers=layers,
        doors=Doors(**{name: columns[f"doors.{name}"] for name in _DOORS}),
        lockers_m=columns["lockers_m"],
        origin=facts["origin"],
        made_up=facts["made_up"],
        notes=tuple(facts["notes"]),
    )


def _store(shelf: Path, columns: Columns) -> None:
    """Write columns so that nobody ever sees half of them."""
    shelf.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=shelf.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            write_columns(file, columns)
        Path(name).replace(shelf)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
