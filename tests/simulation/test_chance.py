"""Tests of what befalls a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import doorstep
from doorstep.errors import CatalogError
from doorstep.modes.catalog import chance_names, load_chance
from doorstep.simulation.chance import HOURS, draw_luck

USUAL = load_chance("usual")


def test_shipped_books() -> None:
    """Every book that comes with Doorstep can be read, and every value of it has an origin."""
    for name in chance_names():
        assert all(value.source or value.estimate for value in load_chance(name).values)
    with pytest.raises(CatalogError, match="did you mean 'usual'"):
        load_chance("usuall")


def test_more_doors_fail_than_neighbours_leave(tmp_path: Path) -> None:
    """A book is refused in which more doors fail than are left when neighbours have taken in their share."""
    usual = Path(str(doorstep.__file__)).parent / "modes" / "chance" / "usual.yaml"
    book = tmp_path / "own.yaml"
    book.write_text(usual.read_text(encoding="utf-8").replace("value: 4.65", "value: 60"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"60 % of doors fail, where neighbours take in 43 %"):
        load_chance(book)
    book.write_text(usual.read_text(encoding="utf-8").replace("value: 4.65", "value: 57"), encoding="utf-8")
    assert load_chance(book).missed["door"] == pytest.approx(0.57)


def test_factors_have_the_spread_of_the_book() -> None:
    """Factors have mean 1 and the coefficient of variation that is asked for."""
    luck = draw_luck(USUAL, 200, 500, seed=1)
    for factors, spread in ((luck.leg, USUAL.leg_spread), (luck.handover, USUAL.handover_spread)):
        assert factors.mean() == pytest.approx(1.0, abs=0.01)
        assert factors.std() == pytest.approx(spread, rel=0.03)
    assert luck.traffic.std() == pytest.approx(USUAL.travel_spread, rel=0.1)


def test_hours_hang_together() -> None:
    """The logarithm of traffic is correlated from hour to hour as the book says, and so less and less."""
    traffic = np.log(draw_luck(USUAL, 1, 2000, seed=2).traffic)
    for lag in (1, 3):
        pairs = traffic[:, :-lag].ravel(), traffic[:, lag:].ravel()
        assert np.corrcoef(*pairs)[0, 1] == pytest.approx(USUAL.travel_persistence**lag, abs=0.03)


def test_hours_on_the_ground() -> None:
    """Nothing flies in the hours that are windy or wet by the book, in spells rather than here and there."""
    grounded = draw_luck(USUAL, 1, 3000, seed=3).grounded
    share = 1 - (1 - USUAL.wind_share) * (1 - USUAL.rain_share)
    assert grounded.mean() == pytest.approx(share, abs=0.02)
    again = grounded[:, 1:][grounded[:, :-1]].mean()
    assert again > 3 * share


def test_rain_slows_traffic_and_grounds_what_flies() -> None:
    """In hours of rain ways among traffic are longer by the book's share; wind leaves them as they are."""
    rain = replace(USUAL.scaled(0.0), rain_share=0.3, rain_slower=0.25)
    wet = draw_luck(rain, 1, 2000, seed=3)
    assert np.array_equal(wet.traffic, np.where(wet.grounded, 1.25, 1.0))
    assert wet.grounded.mean() == pytest.approx(0.3, abs=0.02)
    wind = draw_luck(replace(rain, rain_share=0.0, wind_share=0.3), 1, 2000, seed=3)
    assert wind.grounded.mean() == pytest.approx(0.3, abs=0.02)
    assert (wind.traffic == 1.0).all()
    assert not np.array_equal(wind.grounded, wet.grounded)


def test_one_source_leaves_the_others_alone() -> None:
    """To change the spread of one source changes no number of any other, and nothing does with the plan."""
    one = draw_luck(USUAL, 7, 4, seed=9)
    other = draw_luck(replace(USUAL, travel_spread=0.5), 7, 4, seed=9)
    assert not np.array_equal(one.traffic, other.traffic)
    for name in ("leg", "handover", "absent", "grounded", "neighbour"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_nothing_left_to_chance() -> None:
    """A book scaled to nought gives factors of one, no absence and fair weather."""
    luck = draw_luck(USUAL.scaled(0.0), 5, 3, seed=4)
    assert (luck.traffic == 1.0).all()
    assert luck.traffic.shape == (3, HOURS)
    assert (luck.leg == 1.0).all()
    assert (luck.handover == 1.0).all()
    assert not luck.grounded.any()
    assert USUAL.scaled(0.0).missed == dict.fromkeys(USUAL.missed, 0.0)
