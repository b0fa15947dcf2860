"""Tests of `doorstep solve --start` and `--now`: plans of files to go on from, and what of them has begun."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from test_answer import typed  # noqa: F401 - a fixture
from texts import CVRP, TRIPS, VROOM

from doorstep.errors import InputError
from doorstep.formats import read_instance
from doorstep.formats.beginning import begun_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]
    Typed = Callable[..., tuple[int, str, str]]

STEPS = [{"type": "start"}, {"type": "pickup", "id": 1}, {"type": "delivery", "id": 1}, {"type": "job", "id": 20}]


def with_steps(steps: list[dict[str, object]], vehicle: int = 9) -> str:
    """Return the problem of VROOM's with steps of one of its vehicles."""
    document = json.loads(VROOM)
    for one in document["vehicles"]:
        if one["id"] == vehicle:
            one["steps"] = steps
    return json.dumps(document)


def test_routes_of_a_file_are_gone_on_from(written: Write, typed: Typed) -> None:  # noqa: F811 - the fixture
    """`--start` tells what the start came to and what of it was planned anew; the plan is no dearer."""
    routes = written("Route #1: 3 4\nRoute #2: 1 2 7\nCost 99\n")
    code, out, _ = typed(written(CVRP), "--start", routes, "--time", 1, "--json")
    told = json.loads(out)
    assert (code, told["violations"], told["unserved"]) == (0, 0, [])
    assert told["start"] == {
        "cost": 8 + 12,
        "vehicles": 2,
        "unserved": 0,
        "violations": 0,
        "left_out": [{"customer": "7", "why": "it is not in this file"}],
    }
    assert told["cost"] <= 20
    code, out, _ = typed(written(CVRP), "--start", routes, "--time", 1)
    assert "start: cost 20, 2 vehicles" in out
    assert "start: 7 is planned anew: it is not in this file" in out


def test_a_start_that_breaks_a_rule_is_told(written: Write, typed: Typed) -> None:  # noqa: F811
    """Whoever does not fit where the start has them is planned anew, the rule named."""
    code, out, _ = typed(written(CVRP), "--start", written("Route #1: 1 2 3\n"), "--time", 1, "--json")
    told = json.loads(out)
    assert (code, told["violations"], told["start"]["violations"]) == (0, 0, 1)
    assert told["start"]["left_out"] == [{"customer": "4", "why": "it breaks the rule 'mass' there"}]


def test_what_has_begun_stays(written: Write, typed: Typed) -> None:  # noqa: F811
    """With `--now` a customer that is being driven to keeps its vehicle, however dear that is."""
    routes = written("Route #1: 4 2\nRoute #2: 1 3\n")
    _, free, _ = typed(written(CVRP), "--start", routes, "--time", 1, "--json")
    code, out, _ = typed(written(CVRP), "--start", routes, "--now", 0.5, "--time", 1, "--json")
    told = json.loads(out)
    assert (code, told["violations"]) == (0, 0)
    assert told["cost"] > json.loads(free)["cost"]
    assert {tuple(route) for route in told["routes"]} == {(5, 3), (2, 4)}


def test_a_second_trip_is_planned_anew(written: Write, typed: Typed) -> None:  # noqa: F811
    """What has not been loaded yet goes on a trip of its own, the trip that has begun being over."""
    routes = written("Route #1: 1 0 3 0 2\n")
    code, out, _ = typed(written(TRIPS), "--start", routes, "--now", 13, "--time", 1, "--json")
    assert code == 0
    assert json.loads(out)["routes"][0][:2] == [2, 1]


def test_steps_of_vehicles_are_gone_on_from(written: Write, typed: Typed) -> None:  # noqa: F811
    """Steps of VROOM's vehicles are a start, at the places of their vehicles, other windows tried."""
    path = written(with_steps([*STEPS, {"type": "end"}]))
    begun = begun_from(read_instance(path), None, None)
    assert begun is not None
    (route,) = begun.plan.routes
    assert [stop.option for stop in route.trips[0].stops] == [3, 4, 1]
    code, out, _ = typed(path, "--time", 1, "--json")
    told = json.loads(out)
    assert (code, told["start"]["vehicles"], told["start"]["left_out"]) == (0, 1, [])


def test_a_solution_of_vrooms_is_gone_on_from(written: Write, tmp_path: Path, typed: Typed) -> None:  # noqa: F811
    """What `--solution` writes as JSON can be given to `--start`, vehicles and trips the same."""
    out = tmp_path / "routes.json"
    path = written(VROOM)
    _, first, _ = typed(path, "--time", 1, "--json", "--solution", out)
    code, again, _ = typed(path, "--time", 1, "--json", "--start", out)
    assert code == 0
    assert json.loads(again)["start"]["cost"] == json.loads(first)["cost"]
    assert json.loads(again)["cost"] <= json.loads(first)["cost"]
    strange = {"routes": [{"vehicle": 7, "steps": [{"type": "job", "id": 10}, {"type": "break", "id": 3}]}]}
    strange["routes"].append({"vehicle": 8, "steps": []})
    out.write_text(json.dumps(strange), encoding="utf-8")
    begun = begun_from(read_instance(path), str(out), None)
    assert begun is not None
    assert begun.strangers == ("vehicle 8", "break 3")


FAULTS: dict[str, tuple[Any, str]] = {
    "an unknown job": ([{"type": "job", "id": 99}], "steps have a job 99 that there is not"),
    "an unknown type": ([{"type": "break", "id": 1}], "breaks are not planned from this format"),
    "forced times": ([{"type": "job", "id": 20, "service_at": 5}], "--now freezes what has begun"),
    "no type": ([{"id": 20}], "vehicles[1].steps[0]: has no type"),
    "no steps": ([7], "vehicles[1].steps[0]: is no table"),
}


def test_of_several_windows_that_of_the_start_is_kept(
    written: Write,
    tmp_path: Path,
    typed: Typed,  # noqa: F811
) -> None:
    """What was served in its last window is gone on from as it was, a shipment's stops together; so it is frozen."""
    late = {"time_windows": [[0, 5], [100, 200]]}
    pair = {"pickup": {"id": 2, "location_index": 1, **late}, "delivery": {"id": 2, "location_index": 2, **late}}
    document = {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
        "jobs": [{"id": 1, "location_index": 1, **late}],
        "shipments": [pair],
        "matrices": {"car": {"durations": [[0, 10, 10], [10, 0, 10], [10, 10, 0]]}},
    }
    path, out = written(json.dumps(document)), tmp_path / "routes.json"
    assert typed(path, "--work", 5, "--solution", out)[0] == 0
    for options in ((), ("--now", 150)):
        code, told, _ = typed(path, "--work", 5, "--start", out, "--json", *options)
        start = json.loads(told)["start"]
        assert (code, start["left_out"], start["unserved"], start["violations"]) == (0, [], 0, 0)


@pytest.mark.parametrize("name", FAULTS)
def test_steps_that_mean_nothing_are_named(written: Write, name: str) -> None:
    """A step of an unknown task, type or key is a fault of the file."""
    steps, words = FAULTS[name]
    with pytest.raises(InputError) as told:
        read_instance(written(with_steps(steps)))
    assert words in str(told.value)


def test_starts_that_cannot_be_are_refused(written: Write, tmp_path: Path, typed: Typed) -> None:  # noqa: F811
    """Files that are not there, hold no routes or only strangers, and `--now` without a plan leave with 2."""
    path, out = written(CVRP), tmp_path / "routes.json"
    assert typed(path, "--start", tmp_path / "none.sol")[0] == 2
    code, _, err = typed(path, "--start", written("Route #1: 77 78\n"))
    assert (code, "none of its customers" in err) == (2, True)
    code, _, err = typed(path, "--now", 5)
    assert (code, "--start" in err) == (2, True)
    for text, words in (
        ("{", "no JSON"),
        ("[]", "no solution of VROOM's"),
        ('{"routes": [{"vehicle": 1}]}', "steps"),
        ('{"routes": [{"vehicle": 1e400, "steps": []}]}', "no solution of VROOM's"),
    ):
        out.write_text(text, encoding="utf-8")
        code, _, err = typed(path, "--start", out)
        assert (code, words in " ".join(err.split())) == (2, True)


def test_now_is_a_moment_of_the_file(written: Write) -> None:
    """Where a file counts from 1970 so does `--now`: what has begun by then is locked, the rest is free."""
    document = json.loads(with_steps([{"type": "job", "id": 10}, {"type": "job", "id": 20}], vehicle=7))
    document["vehicles"] = [document["vehicles"][0] | {"time_window": [1_700_000_000, 1_700_000_100]}]
    del document["jobs"][1]["time_windows"]
    instance = read_instance(written(json.dumps(document)))
    for now, vehicles in (1_699_999_000, 0), (1_700_000_090, 1):
        begun = begun_from(instance, None, now)
        assert begun is not None
        assert begun.locked is not None
        assert begun.locked.now_s == now - 1_700_000_000
        assert len(begun.locked.begun) == vehicles


@pytest.mark.parametrize("words", [("--now", "nan"), ("--now", "inf"), ("--now", "1e300"), ("--time", "nan")])
def test_moments_beyond_counting_are_refused(written: Write, typed: Typed, words: tuple[str, str]) -> None:  # noqa: F811
    """Moments and limits that are no numbers, endless or later than can be counted leave with 2."""
    code, _, err = typed(written(CVRP), "--start", written("Route #1: 1 2\n"), *words)
    assert (code, "count" in err) == (2, True)
