"""Tests of studies lived through on days of chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from doorstep.comparison import LEVEL, Comparison
from doorstep.errors import InputError
from doorstep.handover import Handover
from doorstep.modes.catalog import load_chance
from doorstep.report.document import study_document
from doorstep.report.livedsheet import lived_tables
from doorstep.report.terminal import Terminal
from doorstep.scenario.scenario import Absence, Dispatch
from doorstep.simulation.reliving import Relived
from doorstep.study import living, run
from doorstep.study.living import DECIDING, FAILED, live_through

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Study


@pytest.fixture(scope="module")
def lived(study: Study) -> Study:
    return live_through(study, 60)


def test_every_metric_has_every_day(lived: Study) -> None:
    """Each number of the scorecard is known of each configuration on each day, and failures besides."""
    assert lived.lived is not None
    assert lived.lived.count == 60
    for comparison in lived.lived.numbers.values():
        assert comparison.values.shape == (len(lived.outcomes), 60)
    assert set(lived.lived.days) == {outcome.name for outcome in lived.outcomes}
    served, failed = lived.lived.numbers["served"].values, lived.lived.numbers[FAILED.name].values
    planned = np.array([[outcome.scorecard.served] for outcome in lived.outcomes])
    assert (served + failed == planned).all()


def test_what_has_no_days_is_named(lived: Study) -> None:
    """Asked for a metric or a configuration that it does not have, it says which there are."""
    assert lived.lived is not None
    name = lived.outcomes[0].name
    with pytest.raises(InputError, match=f"metric 'price'.*{DECIDING}"):
        lived.lived.interval("price", name)
    with pytest.raises(InputError, match=f"configuration 'nobody'.*{name}"):
        lived.lived.interval(DECIDING, "nobody")


def test_configurations_meet_the_same_days(study: Study, lived: Study) -> None:
    """A configuration lived through by itself, or after others, has the same numbers."""
    alone = live_through(replace(study, outcomes=study.outcomes[2:3]), 60)
    assert alone.lived is not None
    assert lived.lived is not None
    for name, comparison in alone.lived.numbers.items():
        assert np.array_equal(comparison.values[0], lived.lived.numbers[name].values[2], equal_nan=True)


def test_days_are_added_until_it_is_sure(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `until_sure` days are added until the cheapest is surely so, up to a limit; told as it goes."""
    monkeypatch.setattr(living, "MOST", 300)
    told: list[int] = []
    found = live_through(study, 2, until_sure=True, progress=told.append)
    assert found.lived is not None
    assert found.lived.sure or found.lived.count == 300
    assert told == sorted(told)
    assert told[-1] == found.lived.count
    at_once = live_through(study, found.lived.count)
    assert at_once.lived is not None
    assert np.array_equal(
        found.lived.numbers[DECIDING].values,
        at_once.lived.numbers[DECIDING].values,
    )


def test_looks_at_alike_days_are_rarely_sure() -> None:
    """However often it is looked, two that are alike on the whole are told apart one time in twenty at the most."""
    rng, wrong = np.random.default_rng(9), 0
    for _ in range(400):
        values = rng.normal(0, 1, (2, 6400))
        looks = [Comparison(("a", "b"), values[:, :days], -1) for days in (100, 200, 400, 800, 1600, 3200, 6400)]
        wrong += any(look.settled(1 - (1 - LEVEL) / living.LOOKS) for look in looks)
    assert wrong / 400 < 0.075


def test_days_are_added_until_a_width(study: Study) -> None:
    """With `within` days are added until every cost per parcel is known as closely, and about as many as told."""
    found = live_through(study, 10, within=0.02).lived
    assert found is not None
    assert found.numbers[DECIDING].within(0.02)
    assert found.count <= 3 * max(100, found.numbers[DECIDING].days_needed(0.02))
    assert study_document(replace(study, lived=found))["days"]["wanted"]["share"] == 0.02
    with pytest.raises(InputError, match="share between"):
        live_through(study, 2, within=2.0)


def test_the_document_and_the_tables(lived: Study) -> None:
    """The document holds means with their intervals, ranks and the front; people read them with ± and <."""
    document = study_document(lived)
    days = document["days"]
    assert (days["count"], days["chance"]) == (60, "usual")
    for metric in days["metrics"]:
        for value in metric["values"].values():
            assert value["low"] is None or value["low"] <= value["mean"] <= value["high"]
    assert {step["configuration"] for step in days["ranks"][DECIDING]} == {o.name for o in lived.outcomes}
    assert set(days["front"]) <= {outcome.name for outcome in lived.outcomes}
    console = Terminal(width=100, record=True, file=None)
    with console.capture() as kept:
        for part in lived_tables(document, 100):
            console.print(part)
    for words in ("60 days of chance", "±", "<", "days for every cost per parcel"):
        assert words in kept.get()
    assert document["values"]["used"] > study_document(replace(lived, lived=None))["values"]["used"]


def test_a_single_day_has_numbers_too(study: Study) -> None:
    """Of one day the numbers are told without an interval."""
    document = study_document(live_through(study, 1))
    console = Terminal(width=100)
    with console.capture() as kept:
        for part in lived_tables(document, 100):
            console.print(part)
    assert "1 day of chance" in kept.get()
    assert "cost per parcel" in kept.get().partition("\n\n")[0]
    assert "±" not in kept.get()


def test_nobody_is_away_twice(study: Study) -> None:
    """Where plans count the absent at the door already, no handover there fails on days of chance for their absence."""
    counted = replace(study.scenario, absence=Absence({Handover.DOOR: 0.1}, 180.0))
    calm = replace(load_chance("usual").scaled(0.0), missed=load_chance("usual").missed)
    for scenario, failures in ((study.scenario, True), (counted, False)):
        found = live_through(replace(study, scenario=scenario, outcomes=study.outcomes[:1]), 200, calm)
        assert found.lived is not None
        assert bool(found.lived.numbers[FAILED.name].values.any()) == failures


def test_dispatched_days_can_be_planned_anew(village: Scenario) -> None:
    """With `replan` what is dispatched is planned anew on each day and told so, and the rest is lived as planned."""
    courier = next(one for one in village.configurations if one.name == "courier")
    waves = replace(courier, name="waves", dispatch=Dispatch((9 * 3600.0, 11 * 3600.0)))
    study = run(replace(village, configurations=(courier, waves)))
    found = live_through(study, 3, replan=True)
    assert found.lived is not None
    assert found.lived.replanned == ("waves",)
    assert isinstance(found.lived.days["waves"], Relived)
    assert found.lived.numbers[DECIDING].values.shape == (2, 3)
    assert study_document(found)["days"]["replanned"] == ["waves"]
    longer = live_through(study, 4, replan=True).lived
    assert longer is not None
    earlier = found.lived.numbers[DECIDING].values
    assert np.array_equal(longer.numbers[DECIDING].values[:, :3], earlier)
