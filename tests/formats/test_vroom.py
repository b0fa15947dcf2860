"""Tests of VROOM's JSON: read, written, and told as solutions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from texts import GROUPS, LILIM, SOLOMON, TRIPS, VROOM

from doorstep.errors import InputError
from doorstep.formats import left_out, read_instance, recompute, vroom_input, vroom_solution
from doorstep.formats.solution import plan_of_rows
from doorstep.planning.problem import DELIVER, DROP, FAR, PICK_UP, RETURN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]

LINE = [[0, 10, 20], [10, 0, 10], [20, 10, 0]]


def one_vehicle(jobs: list[dict[str, object]], durations: list[list[int]] | None = None, **vehicle: object) -> str:
    """Return a problem of one vehicle that starts and ends at row 0, rows being 10 apart."""
    distances = [[1000 * length for length in row] for row in LINE]
    matrix = {"durations": durations or LINE, "distances": distances}
    return json.dumps(
        {
            "vehicles": [{"id": 1, "start_index": 0, "end_index": 0} | vehicle],
            "jobs": [{"id": 10 + k} | job for k, job in enumerate(jobs)],
            "matrices": {"car": matrix},
        }
    )


def test_jobs_shipments_and_vehicles(written: Write) -> None:
    """Every key becomes what it means: parts, windows, setups, skills, prices, and ends of vehicles."""
    instance = read_instance(written(VROOM))
    problem = instance.problem
    assert instance.kind == "vroom"
    assert problem.order_ids == ("10", "20", "1>1")
    assert problem.option_part.tolist() == [DELIVER, RETURN, RETURN, PICK_UP, DROP]
    assert list(zip(problem.option_open_s.tolist()[1:3], problem.option_close_s.tolist()[1:3], strict=True)) == [
        (1, 6),
        (21, 31),
    ]
    one, two = problem.fleets
    assert [fleet.allowed.tolist() for fleet in (one, two)] == [[True, False, True, True, True], [False, *[True] * 4]]
    assert problem.unserved_cost[0] == 3 * problem.unserved_cost[1]
    assert (one.metre_cost, two.metre_cost) == (int(instance.scale), 2 * int(instance.scale))
    assert two.vehicle_cost == 5 * instance.scale
    # The second vehicle starts from row 3 and ends wherever it is.
    assert two.duration_s[two.hub, problem.option_site].tolist() == [4, 2, 2, 4, 0]
    assert two.duration_s[problem.option_site, two.hub].tolist() == [0] * 5


def test_a_plan_costs_what_vroom_says(written: Write) -> None:
    """Costs are travel times at the price of an hour, and the fixed price of each vehicle."""
    instance = read_instance(written(VROOM))
    bill = recompute(instance, plan_of_rows(instance, [[[0]], [[3, 4, 2]]]))
    assert bill.feasible
    assert bill.cost == (4 + 4) + 5 + 2 * (4 + 4 + 2)
    told = vroom_solution(instance, bill)
    assert told["summary"]["cost"] == bill.cost
    assert [route["vehicle"] for route in told["routes"]] == [7, 9]
    steps = told["routes"][1]["steps"]
    assert [step["type"] for step in steps] == ["start", "pickup", "delivery", "job", "end"]
    assert [step["load"] for step in steps[:-1]] == [[0], [1], [0], [3]]


def test_unassigned_tasks_are_told(written: Write) -> None:
    """What is not served is listed by its id."""
    instance = read_instance(written(VROOM))
    told = vroom_solution(instance, recompute(instance, plan_of_rows(instance, [[[0]], []])))
    assert {(task["id"], task["type"]) for task in told["unassigned"]} == {(20, "job"), (1, "pickup"), (1, "delivery")}


def test_a_problem_written_and_read_again_is_the_same(written: Write) -> None:
    """What VROOM can express of a problem survives being written as its JSON."""
    for text, rows in ((SOLOMON, [[[0, 1]], [[2]]]), (LILIM, [[[0, 1, 2, 3]], []])):
        instance = read_instance(written(text), objective="distance")
        again = read_instance(written(json.dumps(vroom_input(instance))))
        assert left_out(instance.problem) == []
        old, new = (recompute(i, plan_of_rows(i, rows)) for i in (instance, again))
        assert old.feasible
        assert new.feasible
        assert new.cost == sum(t.distance_m for r in old.plan.routes for t in r.trips)
        assert old.plan.routes == new.plan.routes


def test_what_vroom_cannot_say_is_named(written: Write) -> None:
    """Rules that VROOM has no words for are told apart."""
    assert left_out(read_instance(written(TRIPS)).problem) == ["several trips", "release times"]
    assert left_out(read_instance(written(GROUPS)).problem) == ["alternatives"]


def test_a_slow_vehicle_cannot_come_far(written: Write) -> None:
    """Durations divided by a tiny factor are no way, told in a note, and never negative."""
    instance = read_instance(written(one_vehicle([{"location_index": 1}], speed_factor=1e-9)))
    (fleet,) = instance.problem.fleets
    assert fleet.duration_s[fleet.hub].tolist() == [0, FAR]
    assert not fleet.allowed.any()
    assert any("no way" in note for note in instance.notes)


def test_dear_ways_are_counted_in_larger_units(written: Write) -> None:
    """Costs of time and distance together that are beyond the tables lose digits, not ways."""
    text = one_vehicle([{"location_index": 2}], costs={"per_hour": 3600, "per_km": 1_000_000})
    instance = read_instance(written(text))
    assert instance.problem.fleets[0].allowed.all()
    bill = recompute(instance, plan_of_rows(instance, [[[0]]]))
    assert bill.feasible
    assert bill.cost == 2 * round(20 + 20 * 1_000_000, -1)
    assert any("multiples of 10" in note for note in instance.notes)


def test_setup_begins_within_the_window(written: Write) -> None:
    """As VROOM counts, a setup may begin until the window closes, waits until it opens, and ends after that."""
    tasks: list[dict[str, object]] = [
        {"location_index": 1, "setup": 20, "service": 5, "time_windows": [[0, 15]]},
        {"location_index": 2, "setup": 20, "service": 5, "time_windows": [[60, 70]]},
    ]
    instance = read_instance(written(one_vehicle(tasks)))
    bill = recompute(instance, plan_of_rows(instance, [[[0, 1]]]))
    assert bill.feasible
    steps = vroom_solution(instance, bill)["routes"][0]["steps"]
    assert [(step["arrival"], step["setup"], step["waiting_time"]) for step in steps[1:]] == [
        (15, 20, 0),
        (50, 20, 10),
        (105, 0, 0),
    ]
    assert [job["time_windows"] for job in vroom_input(instance)["jobs"]] == [[[0, 15]], [[60, 70]]]


def test_setup_in_windows_of_shared_places_is_refused(written: Write) -> None:
    """Where a setup may be skipped no window can hold it; without windows it is skipped as VROOM does."""
    tasks: list[dict[str, object]] = [
        {"location_index": 1, "setup": 20, "time_windows": [[60, 70]]},
        {"location_index": 1, "setup": 20},
    ]
    with pytest.raises(InputError, match="jobs 10: has setup and time_windows, and shares location_index 1"):
        read_instance(written(one_vehicle(tasks)))
    del tasks[0]["time_windows"]
    instance = read_instance(written(one_vehicle(tasks)))
    told = vroom_solution(instance, recompute(instance, plan_of_rows(instance, [[[0, 1]]])))
    assert told["summary"]["setup"] == 20


def test_a_solution_is_told_as_vroom_tells_it(written: Write) -> None:
    """Amounts, priorities, descriptions, places, durations and metres along the way are those that VROOM 1.15 tells."""
    document = json.loads(one_vehicle([], capacity=[4, 9], costs={"per_hour": 3600, "per_km": 1000}))
    document["vehicles"][0]["description"] = "van"
    late = {"time_windows": [[0, 1], [3, 4], [5, 6]], "description": "late", "location": [1.0, 2.0]}
    document["jobs"] = [
        {"id": 1, "location_index": 1, "priority": 3, "delivery": [1, 2], "service": 5, "description": "x"},
        {"id": 2, "location_index": 2} | late,
    ]
    pickup, delivery = {"id": 1, "location_index": 1}, {"id": 1, "location_index": 2}
    document["shipments"] = [{"priority": 5, "amount": [2, 1], "pickup": pickup, "delivery": delivery}]
    instance = read_instance(written(json.dumps(document)))
    bill = recompute(instance, plan_of_rows(instance, [[[0, 4, 5]]]))
    told = vroom_solution(instance, bill)
    assert told["unassigned"] == [
        {"id": 2, "type": "job", "description": "late", "location": [1.0, 2.0], "location_index": 2}
    ]
    sums = {
        "cost": 40040,
        "delivery": [3, 3],
        "amount": [3, 3],
        "pickup": [2, 1],
        "setup": 0,
        "service": 5,
        "duration": 40,
        "waiting_time": 0,
        "priority": 13,
        "distance": 40000,
        "violations": [],
    }
    assert told["summary"] == {"routes": 1, "unassigned": 1} | sums
    (route,) = told["routes"]
    steps = route.pop("steps")
    assert route == {"vehicle": 1, "description": "van"} | sums
    assert isinstance(route["cost"], int)
    along = ("type", "location_index", "arrival", "duration", "distance", "load", "violations")
    assert [tuple(step[key] for key in along) for step in steps] == [
        ("start", 0, 0, 0, 0, [1, 2], []),
        ("job", 1, 10, 10, 10000, [0, 0], []),
        ("pickup", 1, 15, 10, 10000, [2, 1], []),
        ("delivery", 2, 25, 20, 20000, [0, 0], []),
        ("end", 0, 45, 40, 40000, [0, 0], []),
    ]
    assert steps[1]["description"] == "x"
    assert bill.distance == 40000


def test_a_vehicle_without_a_start_starts_at_its_first_task(written: Write) -> None:
    """Where a vehicle names no start or end, its first and last task are told for them, as VROOM does."""
    document = json.loads(one_vehicle([{"location_index": 2}, {"location_index": 1}]))
    document["vehicles"] = [{"id": 1}]
    instance = read_instance(written(json.dumps(document)))
    told = vroom_solution(instance, recompute(instance, plan_of_rows(instance, [[[0, 1]]])))
    assert [step["location_index"] for step in told["routes"][0]["steps"]] == [2, 2, 1, 1]
    assert "load" not in told["routes"][0]["steps"][0]


EPOCH = 1_700_000_000


@pytest.mark.parametrize("hours", [{"time_window": [EPOCH, EPOCH + 400]}, {}])
def test_moments_since_1970_are_counted_from_the_first(written: Write, hours: dict[str, object]) -> None:
    """Times of the file come back as they were, and between them the planner counts small numbers."""
    tasks: list[dict[str, object]] = [
        {"location_index": 1, "setup": 3, "time_windows": [[EPOCH + 50, EPOCH + 60]]},
        {"location_index": 2, "service": 7},
        {"location_index": 2, "time_windows": [[EPOCH, EPOCH + 5]]},
    ]
    instance = read_instance(written(one_vehicle(tasks, **hours)))
    assert 0 <= instance.problem.option_open_s.max() < 1000
    assert instance.problem.fleets[0].allowed.tolist() == [True, True, not hours]
    bill = recompute(instance, plan_of_rows(instance, [[[1, 0]]]))
    assert not bill.violations
    steps = vroom_solution(instance, bill)["routes"][0]["steps"]
    assert steps[2]["arrival"] + steps[2]["waiting_time"] in range(EPOCH + 50, EPOCH + 61)
    again = vroom_input(instance)
    assert again["jobs"][0]["time_windows"] == tasks[0]["time_windows"]
    assert all(vehicle.get("time_window") == hours.get("time_window") for vehicle in again["vehicles"])
    assert any("counted from" in note for note in instance.notes)


def test_problems_of_nothing_are_written(written: Write) -> None:
    """Without vehicles, and where nothing has a price, a problem is written as VROOM's all the same."""
    assert vroom_input(read_instance(written('{"jobs": [], "vehicles": []}')))["vehicles"] == []
    free = read_instance(written(one_vehicle([{"location_index": 1}], costs={"per_hour": 0})))
    assert vroom_input(free)["matrices"]["fleet0"]["costs"] == [[0, 0], [0, 0]]
