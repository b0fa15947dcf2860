"""How long parcels stay, what that takes up, and what Erlang's formula says of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.handover import Size
from doorstep.lockers.locker import Locker, fits
from doorstep.lockers.occupancy import DAY_S, Dwell, compartments_for, erlang_b, put_in, whole_parcels

COUNTS = st.dictionaries(st.sampled_from(Size), st.integers(0, 4))


@pytest.mark.parametrize(("offered", "compartments"), [(20, 30), (36, 48), (50, 64), (64, 79)])
def test_compartments_that_turn_one_in_a_hundred_away(offered: float, compartments: int) -> None:
    """So many compartments turn away at most one parcel in a hundred, and one fewer turns away more."""
    assert compartments_for(offered, 0.01) == compartments
    assert erlang_b(offered, compartments) <= 0.01 < erlang_b(offered, compartments - 1)


@given(offered=st.floats(0.1, 60), compartments=st.integers(0, 80))
def test_erlang_by_its_definition(offered: float, compartments: int) -> None:
    """Erlang's formula is the share that the last term has of the cut-off exponential series."""
    terms = [math.exp(k * math.log(offered) - math.lgamma(k + 1) - offered) for k in range(compartments + 1)]
    assert erlang_b(offered, compartments) == pytest.approx(terms[-1] / sum(terms), rel=1e-9)


def test_waits_have_their_mean_and_their_tail() -> None:
    """Of waits of 14 h on average nine in ten are over within a day, and their mean is 14 h."""
    dwell = Dwell(14 * 3600, 0.5)
    waits = dwell.at((np.arange(100_000) + 0.5) / 100_000)
    assert waits.mean() == pytest.approx(dwell.mean_s, rel=1e-3)
    assert float(dwell.left_after(DAY_S)) == pytest.approx(float(np.mean(waits > DAY_S)), abs=1e-4)
    assert 0.05 < float(dwell.left_after(DAY_S)) < 0.1


@pytest.mark.parametrize(("days", "left"), [(0.5, 0), (1.5, 1), (2.5, 2)])
def test_waits_that_are_all_alike(days: float, left: int) -> None:
    """Where all parcels wait equally long, each day leaves one for every whole day of that."""
    dwell = Dwell(days * DAY_S, 0)
    assert dwell.carried_over() == left
    assert dwell.at([0.01, 0.99]).tolist() == [days * DAY_S] * 2


@given(compartments=COUNTS, parcels=COUNTS)
def test_parcels_are_put_where_they_fit(compartments: dict[Size, int], parcels: dict[Size, int]) -> None:
    """All parcels find a compartment exactly where they fit, and no more are taken than there are."""
    taken, lost = put_in(compartments, parcels)
    assert sum(taken.values()) + lost == sum(parcels.values())
    assert all(count <= compartments.get(size, 0) for size, count in taken.items())
    assert (lost == 0) == fits(Locker("l", 0, 0, compartments), parcels)


@given(expected=st.dictionaries(st.sampled_from(Size), st.floats(0, 50)))
def test_whole_parcels_add_up(expected: dict[Size, float]) -> None:
    """Rounded numbers are whole, add up to the rounded sum, and none is off by more than one."""
    found = whole_parcels(expected)
    assert sum(found.values()) == pytest.approx(sum(expected.values()), abs=0.5 + 1e-9)
    assert all(abs(found.get(size, 0) - expected.get(size, 0)) <= 1 + 1e-9 for size in Size)
