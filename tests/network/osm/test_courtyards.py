"""Tests of areas that are drawn as relations."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest
import shapely
from handmade import LAT, LON, SHARED, STEP

from doorstep.network.osm import courtyards
from doorstep.network.osm.courtyards import draw_relations, rings_of
from doorstep.network.osm.gathering import gather
from doorstep.network.osm.harvest import Harvest
from doorstep.network.osm.soil import Soil

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

CORNERS = ((0, 0), (9, 0), (9, 9), (0, 9), (2, 2), (4, 2), (4, 4), (2, 4), (5, 5), (7, 5), (7, 7), (5, 7), (20, 2))
"""A square, two squares in it, and a place beside, in steps; nodes are numbered from 1."""
WAYS = {
    1: (1, 2, 3, 4, 1),
    2: (5, 6, 7, 8, 5),
    3: (9, 10, 11, 12, 9),
    4: (1, 2, 3),
    5: (3, 4, 1),
    6: (7, 10, 11, 12, 7),
    7: (1, 3, 2, 4, 1),
    8: (5, 6, 13, 8, 5),
    9: (1, 2, 99, 4, 1),
}
CASES = {
    "a hole": ("1 outer 2 inner", 77),
    "two holes": ("1 outer 2 inner 3 inner", 73),
    "no role": ("1 - 2 inner", 77),
    "no hole": ("1 outer", 81),
    "an outline of two ways": ("4 outer 5 outer 2 inner", 77),
    "holes that touch": ("1 outer 2 inner 6 inner", 71),
    "two outlines": ("2 outer 3 outer", 8),
    "an outline that crosses itself": ("7 outer", None),
    "a hole that leads out": ("1 outer 8 inner", None),
    "only a hole": ("2 inner", 4),
    "a node that is not in the file": ("9 outer", None),
}


def drawn(path: Path, kind: type[Harvest | Soil] = Harvest) -> dict[int, str]:
    """Return the outlines of a file by relation, as far as they come."""
    (found,), _, _ = gather(path, lambda: (kind(),))
    if isinstance(found, Soil):
        return {
            each.id: shape for each, shape in draw_relations(rings_of(found, [each for each, _ in found.relations]))
        }
    return {each.id: shape for each, shape in draw_relations(rings_of(found, chain.from_iterable(found.relations)))}


def relation_of(members: str) -> str:
    """Return a building of some ways, written as `way role way role`."""
    words = members.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    parts = "".join(f'<member type="way" ref="{ref}" role="{role.strip("-")}"/>' for ref, role in pairs)
    tags = '<tag k="type" v="multipolygon"/><tag k="building" v="yes"/>'
    return f'<relation id="1" version="1">{parts}{tags}</relation>'


@pytest.mark.parametrize("case", CASES)
def test_areas_are_those_of_osmium(osm_file: Write, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """Areas of one outline are what osmium makes of them, whatever their holes; what it cannot draw is not drawn."""
    members, squares = CASES[case]
    nodes = [(k, LON + x * STEP, LAT + y * STEP, {}) for k, (x, y) in enumerate(CORNERS, 1)]
    path = osm_file(nodes, [(k, run, {}) for k, run in WAYS.items()], relation_of(members))
    ours = drawn(path)
    monkeypatch.setattr(courtyards, "_one_outline", lambda *_: "")
    theirs = drawn(path)
    assert ours.keys() == theirs.keys()
    area = shapely.area(shapely.from_wkb(list(ours.values()))).sum() if any(ours.values()) else None
    assert area == (pytest.approx(squares * STEP**2) if squares else None)
    assert all(shapely.equals(*shapely.from_wkb([ours[k], theirs[k]])) for k in ours if ours[k])


def test_areas_of_ids_below_nought(osm_file: Write) -> None:
    """Areas that an editor has not sent in yet, whose ids are below nought, are put together as others are."""
    nodes = [(-k, LON + x * STEP, LAT + y * STEP, {}) for k, (x, y) in enumerate(CORNERS, 1)]
    ways = [(-k, [-node for node in WAYS[k]], {}) for k in (2, 4, 5)]
    path = osm_file(nodes, ways, relation_of("-4 outer -5 outer -2 inner"))
    (shape,) = shapely.from_wkb(list(drawn(path).values()))
    assert shape.area == pytest.approx(77 * STEP**2)


def test_a_hole_may_touch_its_outline_between_nodes(osm_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A courtyard with a corner on the outer wall is drawn, although osmium refuses it."""
    nodes = [(k, LON + x * STEP, LAT + y * STEP, {}) for k, (x, y) in enumerate((*CORNERS, (0, 5)), 1)]
    ways = {1: WAYS[1], 2: (14, 5, 6, 14)}
    path = osm_file(nodes, [(k, run, {}) for k, run in ways.items()], relation_of("1 outer 2 inner"))
    (shape,) = shapely.from_wkb(list(drawn(path).values()))
    assert shape.is_valid
    assert shape.area == pytest.approx(78 * STEP**2)
    monkeypatch.setattr(courtyards, "_one_outline", lambda *_: "")
    assert drawn(path) == {1: ""}


def test_courtyards_need_no_osmium(osm_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outline and its holes, each a way by itself, are put together here; so is nothing where a way is missing."""
    nodes = [(k, LON + x * STEP, LAT + y * STEP, {}) for k, (x, y) in enumerate(CORNERS, 1)]
    asked: list[object] = []
    monkeypatch.setattr(courtyards, "_draw", lambda _, batch: asked.extend(batch) or ())
    for members, shapes in (("1 outer 2 inner", 1), ("1 outer 77 inner", 0)):
        path = osm_file(nodes, [(k, run, {}) for k, run in WAYS.items()], relation_of(members))
        assert len(drawn(path)) == shapes
    assert not asked


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared street extracts are not here")
@pytest.mark.parametrize("kind", [Harvest, Soil])
def test_areas_of_real_maps_are_those_of_osmium(monkeypatch: pytest.MonkeyPatch, kind: type[Harvest | Soil]) -> None:
    """On real maps every area is the one that osmium draws."""
    paths = [path for path in sorted(SHARED.iterdir()) if ".osm" in path.suffixes]
    ours = [drawn(path, kind) for path in paths]
    monkeypatch.setattr(courtyards, "_one_outline", lambda *_: "")
    for path, found in zip(paths, ours, strict=True):
        theirs = drawn(path, kind)
        assert found.keys() == theirs.keys()
        assert all(bool(found[k]) == bool(theirs[k]) for k in found)
        assert all(shapely.equals(*shapely.from_wkb([found[k], theirs[k]])) for k in found if found[k])
