"""Tests of surges met by real plans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from doorstep.cli import main
from doorstep.demand.profiles import surge_of, surges
from doorstep.errors import InputError
from doorstep.planning.planner import solve
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.overrides import load_with
from doorstep.study.surging import stand

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.scenario.scenario import Scenario

LESS = {"seed": None, "work": None, "time_limit": None}


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a village of 20 orders a day with one van that is out for two hours."""
    path = tmp_path_factory.mktemp("tight") / "tight.yaml"
    path.write_text(
        "extends: rural\nname: tight\n"
        "demand: {surge: [1.2, 1.6, 1.4], sample: {orders: 20, window_share: 0.0}}\n"
        "configurations:\n"
        "  courier: {vehicles: [{mode: van, count: 1, handover: [door]}]}\n"
        "  many: {vehicles: [{mode: van, count: 4, handover: [door]}]}\n"
        "  drone: {vehicles: [{mode: quadcopter, count: 2, handover: [yard]}]}\n"
        "  locker: null\n  robot: null\n  mixed: null\n"
        "work: {hours: ['08:00', '10:20']}\nplanner: {work: 20}\n"
    )
    return path


def on_day(path: Path, factor: float, seed: int | None = None) -> Scenario:
    return load_with(str(path), **{**LESS, "seed": seed}, factor=factor)


def test_capacity_is_what_a_plan_serves(tight: Path) -> None:
    """Served, waiting and refused add up to the highest day; four vans carry nothing on where one does."""
    found = stand(surge_of((1.2, 1.6, 1.4)), lambda factor: on_day(tight, factor), 20)
    one, many, drone = ({s.configuration: s for s in found.strains}[name] for name in ("courier", "many", "drone"))
    assert all(strain.served + strain.waiting + strain.refused == 32 for strain in found.strains)
    assert one.binds
    assert one.backlog.capacity == one.served
    assert one.backlog.left[0] == pytest.approx(max(0.0, 24 - one.served))
    assert not many.binds
    assert many.backlog.most == 0
    assert drone.refused > 0  # whoever would not have it set down
    assert drone.backlog.new[1] == pytest.approx(32 - drone.refused)


def test_days_that_are_planned_one_by_one(tight: Path) -> None:
    """Orders that real plans leave over day by day are those of the capacity of one plan, within two orders a day."""
    found = stand(surge_of((1.2, 1.6, 1.4)), lambda factor: on_day(tight, factor), 20, ["courier"])
    expected = found.strains[0].backlog
    waiting = []
    for day, factor in enumerate((1.2, 1.6, 1.4)):
        scenario = on_day(tight, factor, seed=20 + day)
        new = [replace(order, id=f"{day}-{order.id}") for order in scenario.orders]
        problem = tabulate(replace(scenario, orders=(*waiting, *new)), "courier")
        # Whoever has waited is dearer to leave out, so that nobody waits for ever.
        problem.unserved_cost[: len(waiting)] *= 3
        plan = solve(problem, scenario.effort, seed=1)
        left = {problem.order_ids[one.order] for one in plan.unserved}
        waiting = [order for order in (*waiting, *new) if order.id in left]
        assert len(waiting) == pytest.approx(expected.left[day], abs=2.0 * (day + 1))
    assert len(waiting) > 10


def test_shipped_surges() -> None:
    """Every surge has the mean and the crest that are published, and an origin."""
    for name, (days, mean, last) in {"double-11-2024": (22, 1.25, 1.51), "double-11-2023": (11, 1.4, 1.87)}.items():
        surge = surges()[name]
        assert len(surge.factors) == days
        assert sum(surge.factors) / days == pytest.approx(mean)
        assert surge.factors[-1] == last
    assert all(surge.source or surge.estimate for surge in surges().values())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("duble-11-2024", "unknown-surge"),
        ((0.0, 0.0), "bad-surge"),
        ((-1.0,), "bad-surge"),
        ((1.0,) * 400, "bad-surge"),
    ],
)
def test_surges_that_are_none(said: str | tuple[float, ...], code: str) -> None:
    """A name that there is not, days that sum to nothing, and more days than a year are faults."""
    with pytest.raises(InputError) as error:
        surge_of(said)
    assert error.value.faults[0].code == code


def test_on_the_command_line(tight: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command tells capacity, what is carried on by day and when it is clear; as JSON the same."""
    with pytest.raises(SystemExit) as left:
        main(["surge", str(tight), "--configuration", "courier", "-q"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    for words in ("3 days of surge", "orders a day", "clear after the surge", "Orders carried on"):
        assert words in told
    with pytest.raises(SystemExit) as left:
        main(["surge", str(tight), "--configuration", "courier", "--profile", "1.0,0.0", "--json"])
    assert '"doorstep/surge/1"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("surge: [0, 0, 0]", "sums to nothing"),
        ("surge: duble-11-2024", "did you mean 'double-11-2024'"),
        ("surge: {days: 3}", "a name or a list"),
        ("surge: null", "names no surge"),
    ],
)
def test_files_at_fault(
    tight: Path, tmp_path: Path, change: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A scenario whose surge is none, or that names none, is a bad one: exit code 2 and a mend."""
    path = tmp_path / "wrong.yaml"
    path.write_text(f"extends: {tight}\ndemand: {{{change}}}\n")
    with pytest.raises(SystemExit) as left:
        main(["surge", str(path)])
    assert left.value.code == 2
    assert words in capsys.readouterr().err


def test_orders_of_a_table_are_no_more(tight: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Orders that come from a table cannot be drawn anew for other days, which is told."""
    (tmp_path / "orders.csv").write_text("id,lon,lat,mass_kg\no1,26.96,60.527,1\n")
    path = tmp_path / "table.yaml"
    path.write_text(f"extends: {tight}\ndemand: {{sample: null, table: {{file: orders.csv}}}}\n")
    with pytest.raises(SystemExit) as left:
        main(["surge", str(path)])
    assert left.value.code == 2
    assert "from a table" in capsys.readouterr().err
