"""What rolls: rolling resistance, drag, stop and go, and auxiliaries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from doorstep.modes.energy import Conditions
from doorstep.modes.wheels import Constant, Rolling

VAN = Rolling(1700.0, 0.012, 1.2, 10.0, 0.001, 0.5, 0.8, 1500.0, 200.0)


def test_rolling_by_hand() -> None:
    """A metre takes rolling resistance, drag and the share of a halt that braking loses, over the efficiency."""
    use = VAN.use(np.array([300.0]), Conditions(8.0, stand_s=60.0))
    halt_j = 0.5 * 2000 * 10**2 * 0.5
    force_n = 2000 * 9.81 * 0.012 + 0.5 * 1.225 * 1.2 * 10**2 + 0.001 * halt_j
    assert use.j_per_m[0] == pytest.approx(force_n / 0.8)
    assert use.j_per_s[0] == 1500
    assert use.j_per_place[0] == pytest.approx(halt_j / 0.8 + 200 * 60)


def test_energy_on_the_ground_is_linear_in_load() -> None:
    """Twice the load adds twice as much to what a metre and a place take, and nothing to a second."""
    use = VAN.use(np.array([0.0, 200.0, 400.0]), Conditions(8.0))
    for amounts in (use.j_per_m, use.j_per_place):
        assert amounts[2] - amounts[0] == pytest.approx(2 * (amounts[1] - amounts[0]))
    assert (use.j_per_s == use.j_per_s[0]).all()


def test_drag_counts_at_the_fastest_way() -> None:
    """Where the fastest way is faster than what is driven between halts, drag counts at that speed, never at less."""
    slow, fast = (VAN.use(np.zeros(1), Conditions(v)).j_per_m[0] for v in (5.0, 20.0))
    assert slow == VAN.use(np.zeros(1), Conditions(10.0)).j_per_m[0]
    assert fast - slow == pytest.approx(0.5 * 1.225 * 1.2 * (20**2 - 10**2) / 0.8)


def test_nothing_is_lost_in_halts_that_win_all_back() -> None:
    """Where braking wins all back, halts take nothing."""
    ideal = replace(VAN, recovered=1.0, standing_w=0.0)
    assert ideal.use(np.zeros(1), Conditions(8.0)).j_per_place[0] == 0


def test_constant_knows_no_load() -> None:
    """The constant takes the same for any load."""
    use = Constant(0.25, 5.0).use(np.array([0.0, 100.0]), Conditions(8.0))
    assert use.j_per_m.tolist() == [900.0, 900.0]
    assert use.j_per_place.tolist() == [18000.0, 18000.0]
