"""A bank lived through for years, beside what is known of it."""

from __future__ import annotations

import numpy as np
import pytest

from doorstep.handover import Size
from doorstep.lockers.occupancy import DAY_S, Dwell, erlang_b
from doorstep.lockers.turnover import live_through

HALF_A_DAY = Dwell(0.6 * DAY_S, 0.5)


@pytest.mark.parametrize("dwell", [HALF_A_DAY, Dwell(DAY_S, 0), Dwell(0.3 * DAY_S, 1.2)])
@pytest.mark.parametrize(("offered", "compartments"), [(20, 30), (36, 48), (50, 64), (64, 79), (36, 40), (36, 50)])
def test_one_size_as_erlang_has_it(offered: float, compartments: int, dwell: Dwell) -> None:
    """Where all parcels fit everywhere, Erlang's share lies within the interval, whatever the law of the waits."""
    per_day = {Size.M: offered * DAY_S / dwell.mean_s}
    found = live_through({Size.M: compartments}, per_day, dwell, 300_000, np.random.default_rng(1))
    assert abs(found.blocked_share - erlang_b(offered, compartments)) <= found.within
    assert found.within < 0.006
    carried = offered * (1 - erlang_b(offered, compartments))
    assert found.taken_mean == pytest.approx(carried, rel=0.02)


def test_small_parcels_have_more_room() -> None:
    """Larger parcels are turned away more often, and pooling all compartments would turn fewer away."""
    rooms, per_day = {Size.S: 10, Size.M: 8, Size.L: 5}, {Size.S: 18.0, Size.M: 10.0, Size.L: 4.0}
    found = live_through(rooms, per_day, HALF_A_DAY, 100_000, np.random.default_rng(1))
    assert found.by_size[Size.S] < found.by_size[Size.M] < found.by_size[Size.L]
    assert found.blocked_share > erlang_b(32 * 0.6, 23)


def test_a_parcel_larger_than_all_compartments_is_turned_away() -> None:
    """A size that no compartment takes is always turned away, and the others as if it never came."""
    rng = np.random.default_rng(1)
    found = live_through({Size.S: 40}, {Size.S: 10.0, Size.XL: 10.0}, HALF_A_DAY, 50_000, rng)
    assert found.by_size == {Size.S: 0.0, Size.XL: 1.0}
