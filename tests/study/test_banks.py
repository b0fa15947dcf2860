"""How full lockers become, and how often they would turn parcels away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.lockers.occupancy import erlang_b

if TYPE_CHECKING:
    from doorstep.study import Study


def test_every_parcel_in_a_locker_is_counted_there(study: Study) -> None:
    """The lockers of a configuration hold as many parcels as orders were handed over at lockers."""
    for outcome in study.outcomes:
        banks = study.banks(outcome.name)
        assert sum(bank.parcels for bank in banks) == outcome.scorecard.handovers.get("locker", 0)
        assert list(study.lockers(outcome.name)["parcels"]) == [bank.parcels for bank in banks]
        assert sum(bank.elsewhere for bank in banks) <= sum(bank.nearest for bank in banks)


def test_blocking_is_erlangs_for_the_orders_that_have_it_nearest(study: Study) -> None:
    """What is told of a locker is Erlang's share for its orders and wait; courier configurations have no lockers."""
    assert study.banks("courier") == ()
    (bank,) = study.banks("locker")
    locker = study.scenario.lockers[bank.name]
    assert bank.offered == pytest.approx(bank.nearest * locker.dwell.mean_s / 86_400)
    assert bank.erlang_b == erlang_b(bank.offered, bank.compartments)
    assert bank.blocked_share == pytest.approx(bank.erlang_b, abs=bank.blocked_within + 1e-3)
