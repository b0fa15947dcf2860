"""Tests of one order's story."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import doorstep
from doorstep.cli import main
from doorstep.errors import InputError, StudyError
from doorstep.handover import Handover
from doorstep.modes.catalog import load_chance
from doorstep.planning.checker import cost
from doorstep.planning.clock.timing import RULES
from doorstep.planning.problem import MONEY
from doorstep.report.archive import load_study, save
from doorstep.report.storysheet import in_words, story_document, story_tables
from doorstep.report.terminal import Terminal
from doorstep.report.words import RULE_WORDS
from doorstep.scenario.scenario import Dispatch
from doorstep.study import run
from doorstep.study.living import live_through

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Study


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a saved study."""
    path = tmp_path_factory.mktemp("story") / "study"
    save(study, path)
    return path


def test_a_saved_study_is_the_same_when_it_is_loaded(study: Study, folder: Path) -> None:
    """Plans, what is unserved and why, and every number of the scorecards are those that were saved."""
    loaded = load_study(folder)
    for one, other in zip(study.outcomes, loaded.outcomes, strict=True):
        assert one.plan.routes == other.plan.routes
        assert one.plan.unserved == other.plan.unserved
        assert one.scorecard.cost_lines == other.scorecard.cost_lines
        assert one.scorecard.latency_min == other.scorecard.latency_min
        assert other.scorecard.violations == 0


def test_plans_of_another_scenario_are_refused(study: Study, tmp_path: Path) -> None:
    """Plans whose orders or options are not those of the scenario beside them are told, as is a missing file."""
    save(study, tmp_path / "study")
    plans = tmp_path / "study" / "plans.json"
    document = json.loads(plans.read_text())
    document["plans"]["courier"]["routes"][0]["trips"][0]["stops"][0]["order"] = "nobody"
    plans.write_text(json.dumps(document))
    with pytest.raises(StudyError, match="does not belong to the scenario"):
        load_study(tmp_path / "study")
    plans.unlink()
    with pytest.raises(StudyError, match="run the scenario again"):
        load_study(tmp_path / "study")


def _late(plans: dict[str, Any]) -> None:
    trip = plans["courier"]["routes"][0]["trips"][0]
    trip["return_s"] += 864_000


def _endless(plans: dict[str, Any]) -> None:
    plans["courier"]["routes"][0]["trips"][0]["return_s"] = 1e30


def _shorter(plans: dict[str, Any]) -> None:
    del plans["courier"]["routes"][0]["trips"][0]["stops"][0]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (_late, "breaks rules"),
        (_shorter, "breaks rules"),
        (_endless, "does not belong to the scenario"),
        (dict.clear, "has no plans"),
    ],
)
def test_plans_that_were_edited_are_refused(
    study: Study, tmp_path: Path, edit: Callable[[dict[str, Any]], None], told: str
) -> None:
    """Plans that break rules, hold times that are none, or are no longer there are told, not counted on."""
    save(study, tmp_path / "study")
    plans = tmp_path / "study" / "plans.json"
    document = json.loads(plans.read_text())
    edit(document["plans"])
    plans.write_text(json.dumps(document))
    with pytest.raises(StudyError, match=told):
        load_study(tmp_path / "study")
    plans.write_text('{"schema": "doorstep/plans/1", "plans": NaN}')
    with pytest.raises(StudyError, match="cannot be read"):
        load_study(tmp_path / "study")
    plans.write_text("[]")
    with pytest.raises(StudyError, match="of the schema None"):
        load_study(tmp_path / "study")


def test_every_order_has_a_story_everywhere(study: Study) -> None:
    """For each order and configuration there is who brings it, or why nobody does; the way taken is marked once."""
    for order in study.scenario.orders:
        document = story_document(study, order.id)
        for chapter, outcome in zip(document["configurations"], study.outcomes, strict=True):
            k = outcome.problem.order_ids.index(order.id)
            assert (chapter["served"] is None) == (outcome.trace.option[k] < 0)
            assert sum(way["chosen"] for way in chapter["ways"]) == (chapter["served"] is not None)
            for way in chapter["ways"]:
                assert (way["adds"] is None) == bool(way["reasons"])


def test_what_an_order_adds_is_what_leaving_it_out_saves(study: Study) -> None:
    """The way that was taken adds no more, at its cheapest place, than leaving the order out would save."""
    for outcome in study.outcomes:
        whole = cost(outcome.problem, outcome.plan) / MONEY
        for order in outcome.problem.order_ids:
            chapter = next(one for one in story_document(study, order)["configurations"] if one["name"] == outcome.name)
            if chapter["served"]:
                taken = next(way for way in chapter["ways"] if way["chosen"])
                assert taken["adds"] is not None
                assert taken["adds"] <= chapter["saved_by_leaving_out"] + 1e-3
                assert 0 <= chapter["saved_by_leaving_out"] <= whole


def test_days_of_chance_are_part_of_the_story(study: Study) -> None:
    """Lived through, an order has a share of days on which it comes, and when."""
    order = study.scenario.orders[0].id
    for chapter in story_document(live_through(study, 40), order)["configurations"]:
        assert chapter["days"]["count"] == 40
        assert 0 <= chapter["days"]["came_share"] <= 1
    assert story_document(study, order)["configurations"][0]["days"] is None


def test_what_went_wrong_is_told(study: Study) -> None:
    """Of the days on which something befell an order it is told what, how often, and what became of it."""
    book = replace(load_chance("usual").scaled(0.0), missed={**load_chance("usual").missed, Handover.DOOR: 0.4})
    lived = live_through(study, 50, book)
    document = story_document(lived, study.scenario.orders[0].id)
    days = next(one["days"] for one in document["configurations"] if one["name"] == "courier")
    told = {(one["cause"], one["became"]): one["days"] for one in days["befell"]}
    assert set(told) == {("missed", "tomorrow"), ("missed", "neighbour")}
    assert told["missed", "tomorrow"] == round(50 * (1 - days["came_share"]))
    assert days["on_time_share"] <= days["came_share"]
    console = Terminal(width=100)
    with console.capture() as kept:
        for part in story_tables(document):
            console.print(part)
    assert f"nobody was there on {told['missed', 'neighbour']} of 50 days: taken in by a neighbour" in kept.get()


def test_the_story_of_a_day_planned_anew(village: Scenario) -> None:
    """What is dispatched can be lived through with decisions of each day, as `run --replan` does."""
    courier = next(one for one in village.configurations if one.name == "courier")
    waves = replace(courier, name="waves", dispatch=Dispatch((9 * 3600.0, 11 * 3600.0)))
    lived = live_through(run(replace(village, configurations=(courier, waves))), 3, replan=True)
    chapters = story_document(lived, village.orders[0].id)["configurations"]
    assert [one["days"]["replanned"] for one in chapters] == [False, True]
    assert [one["days"]["count"] for one in chapters] == [3, 3]


def test_who_came_too_late_is_told_by_the_clock() -> None:
    """Of an order after the last decision both clock times are told; where nothing is decided, that too few wait."""
    reason = {"rule": "cut-off", "needs": 14.5, "has": 9.0, "unit": "h", "detail": ""}
    assert in_words(reason, "EUR").endswith("at 14:30, that is at 09:00")
    never = {"rule": "cut-off", "needs": 1, "has": 0, "unit": "ways", "detail": "too few orders wait"}
    assert in_words(never, "EUR").endswith("(too few orders wait)")


def test_every_rule_has_words() -> None:
    """Whatever rule keeps an order out is told in words."""
    assert set(RULES[1:]) <= set(RULE_WORDS)
    reasons = Path(doorstep.__file__).parent / "planning"
    named = {name for path in reasons.rglob("*.py") for name in re.findall(r'Reason\("([a-z-]+)"', path.read_text())}
    assert named <= set(RULE_WORDS)


def test_an_order_that_is_not_there(study: Study) -> None:
    """The nearest one is asked after."""
    with pytest.raises(InputError, match="did you mean"):
        story_document(study, "o000")


def test_the_command(folder: Path, study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    """People read it as tables, programs as JSON; a folder without a study leaves with 2."""
    order = study.scenario.orders[0].id
    codes = []
    told = ["explain", str(folder), order]
    for words in (told, [*told, "--json"], ["explain", "x", order], [*told, "--replan"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        codes.append(left.value.code)
    out = capsys.readouterr().out
    assert codes == [0, 0, 2, 2]
    assert "what it adds" in out
    assert json.loads(out[out.index("{") :])["schema"] == "doorstep/story/1"
