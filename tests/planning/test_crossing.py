"""Tests of crossing: routes of one plan put into another, and of how often a search cools down for that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from anyday import any_day
from solomon import solomon
from test_anyday import is_sound
from test_exact import DAYS
from test_fewer import packed
from test_sisr import Patient, plain_day
from test_ventures import assert_sound, built

from doorstep.planning.clock import layout as at
from doorstep.planning.planner import solve
from doorstep.planning.sisr import cooling, crossing, search
from doorstep.planning.sisr.annealing import anneal, load, save_best
from doorstep.planning.sisr.build import blank, ground, vehicles_of
from doorstep.planning.sisr.cooling import COLD, EARLY, LATE, QUICK, Cooling, cycles_for
from doorstep.planning.sisr.crossing import cross
from doorstep.planning.sisr.pace import Pace
from doorstep.planning.sisr.recombine import Pool
from doorstep.planning.sisr.rows import write_all
from doorstep.planning.sisr.search import SHORT, explore
from doorstep.scenario.scenario import Effort

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.planning.problem import Problem

STEPS = 20_000


def on_one_trip(problem: Problem) -> Problem:
    """Return the problem with one trip for every vehicle, so that plans of it may be crossed."""
    return replace(problem, fleets=tuple(replace(fleet, max_trips=1) for fleet in problem.fleets))


@pytest.fixture(params=["few", "many"])
def eager(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[int]:
    """Cross a few or many plans of any size, however few steps there are; return how many were crossed each time."""
    crossed: list[int] = []

    def counted(*given: Any) -> None:
        crossed.append(len(given[4]))
        assert isinstance(given[7], Pool)
        cross(*given)

    if request.param == "few":
        monkeypatch.setattr(cooling, "MANY", 0)
        monkeypatch.setattr(cooling, "STEPS_A_PLAN", (1, 1))
    else:
        monkeypatch.setattr(cooling, "FEW", 1)
        monkeypatch.setattr(cooling, "STEPS_A_QUICK", 1)
    monkeypatch.setattr(search, "CHUNK", 20)
    monkeypatch.setattr(crossing, "PIECE", 15)
    monkeypatch.setattr(search, "cross", counted)
    return crossed


@pytest.mark.parametrize("name", DAYS)
def test_crossing_keeps_rules_and_the_best_plan(name: str) -> None:
    """On any kind of day the plan after crossing three keeps all rules, costs what it says and is no dearer."""
    problem, g, s = built(name)
    plans = []
    for _ in range(3):
        plans.append((s.row[: write_all(g, s, s.row)].copy(), int(s.counter[at.LEVEL])))
        anneal(g, s, 5, 1e7, 1e7, SHORT, -1)
    first = int(s.counter[at.BEST])
    cross(g, s, Pace(STEPS, Patient()), (SHORT, SHORT), plans, 1e6, 0.5)
    assert_sound(problem, g, s, first)


def test_plans_of_any_mixture_of_rules_are_crossed_soundly(eager: list[int]) -> None:
    """Where plans are crossed on days with any rules, what comes of it passes the checker and costs what it says."""
    days = {seed: on_one_trip(any_day(seed)) for seed in range(200, 260)}
    unsound = [seed for seed, day in days.items() if not is_sound(day, solve(day, Effort(120, 60), seed=seed))]
    assert unsound == []
    assert len(eager) > 30
    assert max(eager) in {cooling.MOST_CYCLES, QUICK[1]}
    assert min(eager) >= min(cooling.MOST_CYCLES, cooling.FEWEST_AGAIN)


@pytest.mark.parametrize("name", DAYS)
def test_crossed_searches_are_repeatable(name: str, eager: list[int]) -> None:
    """The same steps and seed give the same plan, also where plans were crossed."""
    problem = on_one_trip(plain_day(name, 3))
    first, again = (explore(problem, STEPS, 2, Patient()) for _ in range(2))
    assert first == again
    assert eager


@pytest.mark.parametrize("slow", [False, True])
def test_where_the_clock_tells_how_many_plans_it_is_said(
    slow: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search whose first steps took so long that it made other plans for the rest is not called repeatable."""
    monkeypatch.setattr(cooling, "STEPS_A_CYCLE", 1000)
    if slow:
        monkeypatch.setattr(Pace, "likely", lambda pace, _steps, _seconds: (pace.steps - pace.done) / 4)
    _, done, repeatable = explore(four_villages(tmp_path), STEPS, 1, Patient())
    assert (done, repeatable) == (STEPS, not slow)


def test_steps_that_are_done_are_not_to_come() -> None:
    """There are never more steps to come than are left, and fewer where the clock is short."""
    pace = Pace(1000, Patient())
    pace.go(900)
    assert pace.likely(10, 1e-6) == 100
    assert pace.likely(10, 720.0) == pytest.approx(50, rel=0.01)


def test_where_crossing_ends_early_new_plans_are_crossed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eager: list[int]
) -> None:
    """Where two crossings in vain are enough, as many new plans as there are the steps for are found each time."""
    monkeypatch.setattr(crossing, "VAIN", 2)
    explore(four_villages(tmp_path), STEPS, 1, Patient())
    if eager[0] < cooling.FEWEST_AGAIN:
        assert len(eager) == 1
    else:
        assert len(eager) > 2
        assert eager == sorted(eager, reverse=True)
        assert eager[0] > eager[-1] >= cooling.FEWEST_AGAIN


def test_all_vehicles_may_be_used_before_plans_are_crossed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eager: list[int]
) -> None:
    """A search that began with few has all of them back when half of its plans are found; each better is told once."""
    problem = packed(tmp_path)
    given, there = ground(problem), int(ground(problem).fleet[0, at.VEHICLES])
    while_searching: list[tuple[float, int]] = []

    def watched(g: at.Ground, s: at.State, size: int, hot: float, *rest: Any) -> None:
        while_searching.append((hot, int(g.fleet[0, at.VEHICLES])))
        anneal(g, s, size, hot, *rest)

    def told(g: at.Ground, *rest: Any) -> None:
        while_searching.append((np.nan, int(g.fleet[0, at.VEHICLES])))

    monkeypatch.setattr(search, "anneal", watched)
    counted = search.cross
    monkeypatch.setattr(search, "cross", lambda *given: (told(*given), counted(*given)))
    watch = Patient()
    explore(problem, STEPS, 1, watch, g=given)
    assert watch.costs == sorted(set(watch.costs), reverse=True)
    assert eager
    vehicles = np.array([count for _, count in while_searching])
    first = next(k for k, (hot, _) in enumerate(while_searching) if np.isnan(hot))
    assert vehicles[0] < there
    assert (vehicles[first:] == there).all()
    assert 0.3 < (vehicles[:first] < there).mean() < 0.7


def four_villages(folder: Path) -> Problem:
    """Return a day of eight orders in villages north, east, south and west of the hub, for vehicles of two."""
    places = [(0, 90), (0, 100), (90, 0), (100, 0), (0, -90), (0, -100), (-90, 0), (-100, 0)]
    rows = ["0 0 0 0 9999 0", *(f"{x} {y} 1 0 9999 0" for x, y in places)]
    return solomon(folder, 8, 2, rows)


def loaded(g: at.Ground, s: at.State, *each: list[tuple[int, ...]]) -> list[tuple[np.ndarray, int]]:
    """Return plans of some routes by rows, with their costs; the last one is the plan of the search then."""
    plans = []
    for routes in each:
        rows = np.array([k for route in routes for k in (-2, -1, *route)])
        assert load(g, s, rows, len(rows))
        plans.append((rows, int(s.counter[at.LEVEL])))
    return plans


def test_what_is_best_in_each_plan_comes_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a plan that is good in the north and east, and one in the south and west, crossing alone makes the best."""
    monkeypatch.setattr(crossing, "PIECES", (0,))
    g = ground(four_villages(tmp_path))
    s = blank(four_villages(tmp_path), g, 1)
    plans = loaded(g, s, [(0, 1), (2, 3), (4, 6), (5, 7)], [(0, 2), (1, 3), (4, 5), (6, 7)])
    cross(g, s, Pace(STEPS, Patient()), (SHORT, SHORT), plans, 1e6, 0.9)
    assert load(g, s, s.best.copy(), int(s.counter[at.BEST_LENGTH]))
    rows = np.array([-2, -1, 0, 1, -2, -1, 2, 3, -2, -1, 4, 5, -2, -1, 6, 7])
    best = int(s.counter[at.BEST])
    assert load(g, s, rows, len(rows))
    assert s.counter[at.LEVEL] == best < min(cost for _, cost in plans)


def test_the_best_plan_of_a_search_is_crossed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is good in the best plan comes together with what is good in others, though it is none of them."""
    monkeypatch.setattr(crossing, "PIECES", (0,))
    problem = four_villages(tmp_path)
    g = ground(problem)
    s = blank(problem, g, 1)
    poor, good = [(0, 2), (1, 3), (4, 6), (5, 7)], [(0,), (1,), (2,), (3,), (4, 5), (6, 7)]
    plans = loaded(g, s, poor, good, [(0, 1), (2, 3), (4, 6), (5, 7)])
    s.counter[at.BEST] = at.NOWHERE
    save_best(g, s)
    cross(g, s, Pace(STEPS, Patient()), (SHORT, SHORT), plans[:2], 1e6, 0.9)
    ((_, best),) = loaded(g, s, [(0, 1), (2, 3), (4, 5), (6, 7)])
    assert s.counter[at.BEST] == best < min(cost for _, cost in plans)


@pytest.mark.parametrize("when", [None, EARLY, LATE])
def test_every_cycle_cools_from_the_hottest_to_the_coldest(when: tuple[float, float] | None) -> None:
    """Each of four cycles begins hot and ends cold; after the last one it stays cold."""
    plan = Cooling(mean=10.0, hot=2.0, begun=0.2, cycles=4, crossing=when)
    starts = plan.begun + (plan.end - plan.begun) * np.arange(4) / 4
    for start, end in zip(starts, [*starts[1:], plan.end], strict=True):
        assert plan.warmth(start + 1e-9) == pytest.approx(20.0, rel=1e-3)
        assert plan.warmth(end - 1e-7) == pytest.approx(10 * COLD, rel=1e-3)
    assert plan.warmth(1.0) == pytest.approx(10 * COLD)
    assert plan.done(1.0) == pytest.approx(4)
    assert plan.begun < plan.end < plan.crossed_until < 1 or not when


def test_where_crossing_ends_early_there_are_new_plans_or_it_stays_cold() -> None:
    """New plans are the fewer the less is left, and take the same share each; with little left nothing is heated."""
    first = Cooling(mean=10.0, hot=2.0, begun=0.0, cycles=20, crossing=EARLY)
    later, late = first.again(0.5), first.again(0.9)
    assert later.cycles == first.cycles / 2
    assert (later.end - later.begun) / later.cycles == pytest.approx(first.end / first.cycles)
    assert later.warmth(0.5) == pytest.approx(20.0)
    assert late.crossing is None
    assert late.span(0.9, 1.0) == pytest.approx((10 * COLD, 10 * COLD))


def test_more_steps_mean_more_plans_and_few_orders_none() -> None:
    """Plans to cross are the more the more steps there are, sooner where trips are long, and none of few orders."""
    few = 3, LATE
    assert [cycles_for(400, steps * 400, 0.0) for steps in (3000, 10_000, 10**6)] == [(1, None), few, (4, LATE)]
    assert [cycles_for(400, steps * 400, 1.0) for steps in (1000, 3000, 10**6)] == [(1, None), few, (4, LATE)]
    assert [cycles_for(200, steps * 200, 0.0) for steps in (11_000, 13_000, 10**6)] == [
        (4, None),
        (13, EARLY),
        (20, EARLY),
    ]
    assert cycles_for(200, 13_000 * 200, 0.0, may_cross=False) == (4, None)
    assert [cycles_for(200, 13_000 * 200, long) for long in (0.49, 0.5)] == [(13, EARLY), (4, None)]
    edges = {99: (4, None), 100: (13, EARLY), 200: (13, EARLY), 201: (4, LATE)}
    assert {orders: cycles_for(orders, 13_000 * orders, 0.0) for orders in edges} == edges
    assert cycles_for(0, 0, 0.0) == (1, None)


def test_routes_met_while_crossing_are_kept_to_be_recombined(tmp_path: Path) -> None:
    """The pool gets the routes of what comes of two poor plans, which neither of them has."""
    problem = four_villages(tmp_path)
    g = ground(problem)
    s = blank(problem, g, 1)
    plans = loaded(g, s, [(0, 2), (1, 3), (4, 6), (5, 7)], [(0, 4), (1, 5), (2, 6), (3, 7)])
    pool = Pool(g, s, problem.locker_room)
    cross(g, s, Pace(STEPS, Patient()), (SHORT, SHORT), plans, 1e5, 0.9, pool)
    best = {(0, tuple(sorted(row[row >= 0].tolist()))) for row in vehicles_of(s.best[: s.counter[at.BEST_LENGTH]])}
    assert best == {(0, (k, k + 1)) for k in range(0, 8, 2)}
    assert best <= {(met.fleet, tuple(met.options.tolist())) for met in pool.by_options.values()}
