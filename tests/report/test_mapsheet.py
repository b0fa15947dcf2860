"""Tests of what is told of a map."""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console

from doorstep.network.grid import grid_town
from doorstep.network.network import Medium
from doorstep.network.streets import Streets
from doorstep.report.mapsheet import map_document, map_tables


def test_a_map_is_told_as_it_is() -> None:
    """Lengths, one-way streets, doors and notes of the document are those of the network."""
    town = grid_town(6, 5, 100, 2)
    document = map_document("town", town)
    road = next(layer for layer in document["layers"] if layer["layer"] == "road")
    streets = town.layers[Medium.ROAD]
    assert isinstance(streets, Streets)
    one_way = ~streets.edges.allowed.all(axis=1)
    assert road["length_km"] == pytest.approx(streets.edges.length_m.sum() / 1000, abs=1e-3)
    assert road["one_way_share"] == pytest.approx(
        streets.edges.length_m[one_way].sum() / streets.edges.length_m.sum(), abs=1e-4
    )
    assert 0 < road["one_way_share"] < 1
    assert 5 < road["free_speed_kmh"] < 120
    assert next(layer for layer in document["layers"] if layer["layer"] == "foot")["free_speed_kmh"] is None
    assert (road["left_out_doors"], road["limited_km"], road["forbidden_turns"]) == (0, 0, 0)
    assert road["junctions"] == streets.edges.junctions
    assert document["doors"]["count"] == len(town.doors.flat)
    assert document["doors"]["homes"] == round(float(np.sum(town.doors.homes)))
    assert document["notes"] == list(town.notes)


def test_a_map_fits_a_narrow_terminal() -> None:
    """The tables tell layers, doors and every note within 80 columns."""
    town = grid_town(6, 5, 100, 2)
    console = Console(width=80, record=True, file=None, quiet=True)
    with console.capture() as caught:
        console.quiet = False
        console.print(map_tables(map_document("town", town)))
    told = caught.get()
    assert max(map(len, told.splitlines())) <= 80
    for words in ("road", "vans", "robots", "doors", "1 parcel locker on", "no street of this town is real"):
        assert words in told


def test_notes_stand_under_what_they_are_about() -> None:
    """Notes on the whole map come first, then those on turns and on each layer, each under its heading."""
    document = map_document("town", grid_town(6, 5, 100, 2))
    notes = ["path: steep", "road: private: 3", "no date", "turns: none", "twice: objects"]
    console = Console(width=80)
    with console.capture() as caught:
        console.print(map_tables(document | {"notes": notes}))
    told = [line.strip() for line in caught.get().splitlines()]
    at = told.index("What was repaired or taken for granted") + 1
    assert told[at:] == [
        "- no date",
        "- twice: objects",
        "turns",
        "- none",
        "road, for vans",
        "- private: 3",
        "path, for robots",
        "- steep",
    ]


def test_a_layer_without_streets_has_no_speed() -> None:
    """Nobody's own speed is told of a layer in which nobody goes anywhere."""
    document = map_document("town", grid_town(6, 5, 100, 2))
    empty = [layer | {"edges": 0, "length_km": 0.0, "free_speed_kmh": None} for layer in document["layers"]]
    console = Console(width=80)
    with console.capture() as caught:
        console.print(map_tables(document | {"layers": empty}))
    assert "its own" not in caught.get()
