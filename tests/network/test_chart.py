"""Tests of maps of which only that is made which somebody asks for."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.errors import ExtractError
from doorstep.network import extract
from doorstep.network.extract import chart_extract, read_extract
from doorstep.network.houses import Houses, draw_houses
from doorstep.network.network import Medium
from doorstep.network.osm.crop import Built
from doorstep.network.streets import Streets

if TYPE_CHECKING:
    from collections.abc import Callable

KARHULA = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list that grows by one whenever houses are drawn."""
    found: list[object] = []

    def draw(*given: object) -> Houses:
        found.append(given)
        return draw_houses(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(extract, "draw_houses", draw)
    return found


@pytest.mark.parametrize(
    "ask",
    [
        lambda network: network.doors,
        lambda network: network.lockers_m,
        lambda network: network.notes,
        lambda network: network.layers[Medium.PATH],
        lambda network: network.layers[Medium.FOOT],
    ],
)
def test_houses_are_drawn_once_for_who_asks(asked: list[object], ask: Callable[..., object]) -> None:
    """Vans and cycles need no houses; doors, notes and the layers of walkers and robots do, all of them the same."""
    network = read_extract(KARHULA)
    assert network.layers[Medium.ROAD].notes or network.layers[Medium.CYCLE].notes
    assert not asked
    ask(network)
    assert len(asked) == 1
    assert len(network.doors.flat) > 0
    assert any("door" in note for note in network.notes)
    list(network.layers.values())
    assert len(asked) == 1


def test_order_does_not_matter() -> None:
    """Layers are the same whether they are laid before the doors are found or after."""
    early, late = read_extract(KARHULA), read_extract(KARHULA)
    layers = {medium: early.layers[medium] for medium in early.layers}
    assert late.notes == early.notes
    np.testing.assert_array_equal(late.doors.xy_m, early.doors.xy_m)
    for medium, one in layers.items():
        if isinstance(one, Streets):
            other = late.layers[medium]
            assert isinstance(other, Streets)
            np.testing.assert_array_equal(one.edges.arc_head, other.edges.arc_head)


def test_what_the_houses_were_drawn_of_is_let_go() -> None:
    """Once all is made of a map, what was read of its houses is kept no longer."""

    def kept() -> set[int]:
        gc.collect()
        return {id(each) for each in gc.get_objects() if type(each) is Built}

    others = kept()
    chart = chart_extract(KARHULA)
    (mine,) = kept() - others
    assert chart.streets.allowed.keys() > chart.plain.allowed.keys()
    assert mine not in kept()


def test_an_area_over_which_osmium_gives_up_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong when houses are drawn at last is told as it is when a file is read."""

    def give_up(*_: object) -> Houses:
        raise RuntimeError("no area")

    monkeypatch.setattr(extract, "draw_houses", give_up)
    network = read_extract(KARHULA)
    with pytest.raises(ExtractError, match="cannot be read \\(no area\\)"):
        network.notes  # noqa: B018 - made now
