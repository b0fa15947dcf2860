"""Tests of `doorstep solve`: what it prints and writes, and its exit codes."""

from __future__ import annotations

import errno
import json
import os
import signal
from typing import TYPE_CHECKING

import pytest
from texts import CVRP, GROUPS, LILIM, MIXED, SOLOMON, TRIPS, VROOM

from doorstep import cli, desk
from doorstep.formats import answer, read_instance, read_solution, recompute
from doorstep.formats.solution import plan_of
from doorstep.planning.planner import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem

    Write = Callable[[str], Path]
    Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str]) -> Typed:
    """Return what types a command line and tells its code, stdout and stderr."""

    def type_in(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["solve", *map(str, words)])
        out, err = capfd.readouterr()
        return int(str(left.value.code)), out, err

    return type_in


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Sequence[Sequence[int]]], Path]:
    """Return what makes the planner find given routes for a file."""

    def plan(path: Path, routes: Sequence[Sequence[int]], **options: str) -> Path:
        found = plan_of(read_instance(path, **options), routes)

        def solve(problem: Problem, *_: object, **__: object) -> Plan:
            assert problem.order_ids
            return found

        monkeypatch.setattr(answer, "solve", solve)
        return path

    return plan


def test_the_document_has_the_schema(written: Write, planned: Callable[..., Path], typed: Typed) -> None:
    """`--json` prints the agreed keys and nothing else; customers are numbered as in the file."""
    code, out, err = typed(planned(written(CVRP), [[1, 2], [4]]), "--json", "--seed", 3)
    told = json.loads(out)
    seconds = told.pop("seconds")
    assert (code, err) == (0, "note: the file names no number of vehicles: 4, as many as customers\n")
    assert told == {
        "schema": "doorstep/solution/1",
        "cost": 14,
        "distance": 14,
        "vehicles": 2,
        "routes": [[2, 3], [5]],
        "unserved": [4],
        "violations": 0,
        "iterations": 0,
        "seed": 3,
    }
    assert seconds >= 0


def test_routes_of_mixed_fleets_stand_at_their_vehicles_places(
    written: Write, planned: Callable[..., Path], typed: Typed
) -> None:
    """Where vehicles differ, the routes of unused ones are there and empty."""
    _, out, _ = typed(planned(written(MIXED), [[], [2], [1, 3]]), "--json")
    assert json.loads(out)["routes"] == [[], [3], [2, 4]]


def test_a_group_left_out_is_told_by_its_members(written: Write, planned: Callable[..., Path], typed: Typed) -> None:
    """An order of several customers is unserved as a list of them."""
    _, out, _ = typed(planned(written(GROUPS), [[2]]), "--json")
    assert json.loads(out)["unserved"] == [[4, 5]]


def test_words_tell_all(written: Write, planned: Callable[..., Path], typed: Typed) -> None:
    """Without `--json` notes, routes, what is unserved, cost and gap are told."""
    code, out, _ = typed(planned(written(CVRP), [[1, 2], [4]]), "--best-known", 10)
    assert code == 0
    for words in (
        "as many as customers",
        "route 1: 2 3",
        "unserved 4",
        "cost 14",
        "+40.00 % of best known",
        "3 served",
    ):
        assert words in out


def test_a_plan_that_breaks_rules_is_our_fault(written: Write, planned: Callable[..., Path], typed: Typed) -> None:
    """Violations are counted and told, and the exit code is 1."""
    code, out, err = typed(planned(written(CVRP), [[1, 2, 3, 4]]), "--json")
    assert (code, json.loads(out)["violations"]) == (1, 1)
    assert "breaks rules" in err


def test_nothing_served_is_no_plan(written: Write, typed: Typed) -> None:
    """Without vehicles nothing is served, for that reason, and the exit code is 3."""
    code, out, err = typed(written(CVRP.replace("CAPACITY", "VEHICLES : 0\nCAPACITY")), "--time", 1)
    assert code == 3
    assert "unserved 2: vehicles needs 1, has 0" in out
    assert "no feasible plan" in err


def test_no_customers_are_planned_at_once(written: Write, typed: Typed) -> None:
    """A problem without customers has an empty plan."""
    code, out, _ = typed(written('{"vehicles": [{"id": 1, "capacity": [1]}], "matrices": {"car": {"durations": []}}}'))
    assert (code, out.splitlines()[-1]) == (0, "cost 0, distance 0, 0 vehicles, 0 served")


def test_bad_files_are_told_with_their_line(written: Write, typed: Typed) -> None:
    """A fault of the file leaves with 2, and says where it is."""
    path = written(CVRP.replace("3 3 4", "3 three 4"))
    code, out, err = typed(path)
    assert (code, out) == (2, "")
    assert f"{path.name}:10:3" in err
    assert typed(path.with_name("none"))[0] == 2
    assert typed(path, "--format", "tsp")[0] == 2


@pytest.mark.parametrize(("name", "text"), [("routes.sol", CVRP), ("routes.json", VROOM)])
def test_routes_are_written_where_asked(
    written: Write, planned: Callable[..., Path], typed: Typed, tmp_path: Path, name: str, text: str
) -> None:
    """`--solution` writes a .sol file, or VROOM's way of telling where the name ends so."""
    path = planned(written(text), [[1, 2], [3, 4]] if text == CVRP else [[10], [20]])
    out = tmp_path / name
    assert typed(path, "--solution", out)[0] == 0
    if text == CVRP:
        assert recompute(read_instance(path), read_solution(out)).cost == read_solution(out).cost
    else:
        assert [route["vehicle"] for route in json.loads(out.read_text())["routes"]] == [7, 9]


def test_routes_that_cannot_be_written_are_told_before_anything_is_planned(
    written: Write, typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, no name, the file itself, a place without a folder or without leave: each ends with 2 at once."""
    path = written(CVRP)
    before = path.read_bytes()
    monkeypatch.setattr(answer, "solve", lambda *_, **__: pytest.fail("it was planned"))
    places = {
        tmp_path: "no name of a file",
        "": "no name of a file",
        path: "the problem itself",
        tmp_path / "nowhere" / "routes.sol": "no folder",
        path / "routes.sol": "no folder",
    }
    for out, why in places.items():
        code, told, err = typed(path, "--solution", out)
        assert (code, told) == (2, "")
        assert "cannot be written" in err
        assert why in " ".join(err.split())
    assert path.read_bytes() == before
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "not allowed" in typed(path, "--solution", tmp_path / "routes.sol")[2]


def test_a_plan_is_told_where_its_routes_cannot_be_written(
    written: Write, planned: Callable[..., Path], typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where writing fails in the end, the plan has been printed, and the code is 2."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = planned(written(CVRP), [[1, 2], [3, 4]])
    monkeypatch.setattr(desk, "_write_routes", full)
    code, out, err = typed(path, "--solution", tmp_path / "routes.sol")
    assert (code, "route 1: 2 3" in out, "no space is left" in err) == (2, True, True)


@pytest.mark.parametrize("form", ["--json", "--quiet"])
def test_routes_are_written_where_the_plan_cannot_be_told(
    written: Write,
    planned: Callable[..., Path],
    typed: Typed,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    form: str,
) -> None:
    """Where whoever reads stdout has gone, what was found is in the file that was asked for."""

    def gone(*_: object, **__: object) -> None:
        raise BrokenPipeError

    path = planned(written(CVRP), [[1, 2], [3, 4]])
    monkeypatch.setattr(desk.click, "echo", gone)
    typed(path, form, "--solution", tmp_path / "routes.sol")
    assert read_solution(tmp_path / "routes.sol").routes == ((1, 2), (3, 4))


def test_names_that_no_file_can_have_are_told(written: Write, typed: Typed, tmp_path: Path) -> None:
    """A name too long, one that ends as a folder, and links that lead nowhere or in circles end with 2 at once."""
    circle, nowhere = tmp_path / "circle.sol", tmp_path / "nowhere.sol"
    circle.symlink_to(circle)
    nowhere.symlink_to(tmp_path / "none" / "routes.sol")
    path = written(CVRP)
    for out in ("a" * 300 + ".sol", f"{path}/", circle, nowhere):
        code, told, err = typed(path, "--work", 1, "--solution", out)
        assert (code, told, "unwritable" in err) == (2, "", True)


@pytest.mark.parametrize("when", ["while it plans", "before"])
def test_another_ctrl_c_loses_no_plan(written: Write, typed: Typed, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Once a plan is found Ctrl-C does not keep it from being told; before that, it stops the command."""
    path = written(CVRP)
    found = plan_of(read_instance(path), [[1, 2], [3, 4]])

    def solve(*_: object, progress: Callable[[Progress], None], **__: object) -> Plan:
        if when != "before":
            progress(Progress("", 0.0, 1, 0.0))
        signal.raise_signal(signal.SIGINT)
        return found

    monkeypatch.setattr(answer, "solve", solve)
    code, out, err = typed(path, "--json")
    assert (code, bool(out), "stopped" in err) == ((130, False, True) if when == "before" else (0, True, False))


def test_the_same_work_gives_the_same_answer(written: Write, typed: Typed) -> None:
    """With `--work` the search ends by its steps, so that two answers are alike, with either planner."""
    path = written(CVRP)
    told = {}
    for planner in ("doorstep", "ortools"):
        told[planner], again = (
            {**json.loads(typed(path, "--work", 5, "--planner", planner, "--json")[1]), "seconds": 0} for _ in range(2)
        )
        assert told[planner] == again
    assert told["doorstep"]["iterations"] == 500


def test_a_pair_whose_drop_is_too_late_is_told_so_alone(written: Write, typed: Typed) -> None:
    """Of a pair the reason is that of the stop that is at fault; numbers are told in full."""
    late = LILIM.replace("2\t3\t4\t-2\t0\t100", "2\t3\t4\t-2\t0\t3").replace("100", "12345678")
    _, out, _ = typed(written(late), "--work", 1, "--quiet")
    assert [line for line in out.splitlines() if line.startswith("unserved")] == [
        "unserved [1, 2]: window needs 8, has 3"
    ]


def test_a_real_search_serves_all(written: Write, typed: Typed) -> None:
    """A small problem of several trips is planned to its best by the planner itself."""
    code, out, err = typed(written(TRIPS), "--time", 1, "--json", "--verbose")
    told = json.loads(out)
    assert (code, told["violations"], told["unserved"]) == (0, 0, [])
    assert told["cost"] == 40 + 14 + int(10 * 5**0.5) + 30
    assert "cost" in err


def test_the_objective_can_be_chosen(written: Write, planned: Callable[..., Path], typed: Typed) -> None:
    """`--objective vehicles` tells the unrounded distance as cost, `--rounding` makes it whole."""
    path = planned(written(SOLOMON), [[1, 2], [3]])
    _, out, _ = typed(path, "--json", "--objective", "vehicles")
    assert json.loads(out)["cost"] == pytest.approx(4 * 2**0.5 + 18, abs=1e-6)
    planned(path, [[1, 2], [3]], rounding="ceil")
    _, out, _ = typed(path, "--json", "--rounding", "ceil")
    assert json.loads(out)["cost"] == 2 + 2 + 3 + 18
