"""Tests of a study and of the run that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorstep.errors import InputError
from doorstep.study import Phase, Step, Study, run

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario


def test_every_configuration_meets_the_same_orders(study: Study) -> None:
    """Served, unserved and failed orders of every configuration are the scenario's, each once."""
    ids = [order.id for order in study.scenario.orders]
    frame = study.orders()
    for outcome in study.outcomes:
        card = outcome.scorecard
        assert card.served + card.unserved + card.failed == len(ids)
        mine = frame[frame["configuration"] == outcome.name]
        assert list(mine["order"]) == ids
        assert (mine["status"] == "served").sum() == card.served


def test_outcomes_stand_in_the_order_of_the_scenario(study: Study) -> None:
    """Outcomes come in the order of the scenario's configurations, whatever order they were planned in."""
    assert [o.name for o in study.outcomes] == [c.name for c in study.scenario.configurations]
    assert not study.interrupted


def test_plans_break_no_rule_and_the_mix_is_no_dearer(study: Study) -> None:
    """No plan breaks a rule, and the mix costs no more than the best of its parts."""
    assert [o.scorecard.violations for o in study.outcomes] == [0] * len(study.outcomes)
    burden = {o.name: o.scorecard.cost_total + o.scorecard.unserved_penalty for o in study.outcomes}
    assert burden.pop("mixed") <= min(burden.values())


def test_ledger_lines_add_up(study: Study) -> None:
    """The lines of the ledger frame add up to its total, and so does the comparison's."""
    ledger = study.ledger()
    assert (ledger.drop(columns="total").sum(axis=1) - ledger["total"]).abs().max() < 1e-9
    assert list(ledger["total"]) == list(study.frame()["cost_total"])


def test_comparison_has_a_number_for_every_mode(study: Study) -> None:
    """Modes that a configuration does not use count 0 there instead of being unknown."""
    frame = study.frame()
    assert frame.loc["courier", "vehicles_quadcopter"] == 0
    assert frame.loc["courier", "vehicles_van"] > 0
    assert frame["distance_van_km"].notna().all()


def test_unknown_configurations_are_all_named(village: Scenario) -> None:
    """A run of configurations that are not there names each of them and the ones there are."""
    with pytest.raises(InputError) as caught:
        run(village, configurations=["courier", "bicycle", "balloon"])
    assert [fault.what.split("'")[1] for fault in caught.value.faults] == ["bicycle", "balloon"]
    assert "courier" in caught.value.faults[0].fix


def test_a_combination_is_planned_after_its_parts(village: Scenario) -> None:
    """A run tells each configuration's steps in turn, the combination's last."""
    heard: list[Step] = []
    run(village, configurations=["mixed", "courier"], progress=heard.append)
    assert list(dict.fromkeys(step.configuration for step in heard)) == ["courier", "mixed"]
    assert [step.configuration for step in heard if step.phase == Phase.DONE] == ["courier", "mixed"]
    last = heard[-1]
    assert last.cost is not None
    assert last.cost > 0


def test_stopping_by_hand_keeps_what_was_found(village: Scenario) -> None:
    """A run that is stopped in its second configuration keeps the first and names those it did not come to."""

    def stop(step: Step) -> None:
        if step.configuration == "drone":
            raise KeyboardInterrupt

    study = run(village, configurations=["courier", "drone", "locker"], progress=stop)
    assert [o.name for o in study.outcomes] == ["courier"]
    assert study.skipped == ("drone", "locker")
    assert study.interrupted


def test_a_study_names_the_configurations_it_has(study: Study) -> None:
    """Asking a study for a configuration that it lacks names those that it has."""
    with pytest.raises(InputError, match="courier, drone"):
        study.outcome("balloon")
