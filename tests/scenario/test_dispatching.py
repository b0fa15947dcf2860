"""Tests of when trips are planned, as scenario files say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstep import cli
from doorstep.errors import ScenarioError
from doorstep.modes import catalog
from doorstep.scenario.file import load_scenario
from doorstep.scenario.scenario import Dispatch

HOUR = 3600.0


def written(folder: Path, dispatch: str) -> Path:
    """Return a variant of the shipped village whose courier is dispatched so."""
    path = folder / "x.yaml"
    path.write_text(f"extends: rural\nconfigurations: {{courier: {{dispatch: {dispatch}}}}}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("dispatch", "rule"),
    [
        ("next-day", None),
        ('{waves: ["09:00", "12:30"]}', Dispatch((9 * HOUR, 12.5 * HOUR))),
        ("{on-demand: {every: 15 min}}", Dispatch((), 900.0)),
        ("{on-demand: {orders: 4}}", Dispatch((), 0.0, 4)),
        ("{on-demand: {every: 1 h, orders: {value: 4, estimate: a cargo bike's load}}}", Dispatch((), HOUR, 4)),
    ],
)
def test_rules_are_read(tmp_path: Path, dispatch: str, rule: Dispatch | None) -> None:
    """Every rule of dispatch is read with its times in seconds, and a combined configuration keeps one of its own."""
    found = {one.name: one.dispatch for one in load_scenario(written(tmp_path, dispatch)).configurations}
    assert found["courier"] == rule
    assert found["mixed"] is None


@pytest.mark.parametrize(
    ("dispatch", "where", "code", "words"),
    [
        ('{waves: ["09:00", "22:00"]}', ".waves[1]", "wave-after-closing", "all are back by 21:00"),
        ('{waves: ["12:00", "09:00"]}', ".waves[1]", "waves-not-rising", "the earliest first"),
        ("{waves: []}", ".waves", "no-waves", "write cut-offs"),
        ("{on-demand: {every: 0 min}}", ".on-demand.every", "no-interval", "every 0 s"),
        ("{on-demand: {orders: 0}}", ".on-demand.orders", "out-of-range", "1 or more"),
        ("{on-demand: {}}", ".on-demand", "dispatch", "every: 15 min"),
        ("{}", "", "dispatch", "neither in waves nor on demand"),
        ('{waves: ["09:00"], on-demand: {every: 5 min}}', "", "dispatch", "both in waves and on demand"),
        ("same-day", "", "not-allowed", "next-day"),
        ("{wave: []}", ".wave", "unknown-key", "did you mean 'waves'?"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, dispatch: str, where: str, code: str, words: str) -> None:
    """Times that there are not, and rules that contradict each other, are faults with place, cause and mend."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(written(tmp_path, dispatch))
    fault = next(fault for fault in caught.value.faults if fault.code == code)
    assert fault.where == f"configurations.courier.dispatch{where}"
    assert words in str(caught.value)
    assert fault.fix


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("door: {value: 4.65", "door: {value: 104", "104 is impossible"),
        ("full: {value: tomorrow", "full: {value: wait", "known: courier, tomorrow"),
        ("rate: {value: 0.25", "rate: {value: -1", "must be at least 0"),
    ],
)
def test_books_of_chance_are_checked_with_the_file(
    tmp_path: Path, before: str, after: str, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """A probability above one, or a recourse that there is not, is told with its line, and the exit code is 2."""
    text = (Path(catalog.__file__).parent / "chance" / "usual.yaml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "own.yaml").write_text(text.replace(before, after), encoding="utf-8")
    path = tmp_path / "x.yaml"
    path.write_text("extends: rural\nchance: ./own.yaml\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(path)])
    assert left.value.code == 2
    told = capfd.readouterr()
    assert words in told.out + told.err
    assert "own.yaml:" in told.out + told.err
