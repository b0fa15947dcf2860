"""Tests of VRPLIB files: what each section becomes in the problem, reckoned by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from texts import ALLOWED, CVRP, DEPOTS, GROUPS, MATRIX, MIXED, PRIZES, TRIPS

from doorstep.formats import Objective, Rounding, Solution, read_instance, recompute
from doorstep.planning.problem import MANY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]


def test_a_plain_cvrp(written: Write) -> None:
    """Lengths are rounded to the nearest, every customer may have a vehicle, and all share one table."""
    instance = read_instance(written(CVRP))
    _problem, (fleet,) = instance.problem, instance.problem.fleets
    assert (instance.variant, instance.rounding, instance.objective) == ("CVRP", Rounding.NEAREST, Objective.DISTANCE)
    assert (fleet.count, fleet.mass_g, fleet.max_trips) == (4, 10, 1)
    assert fleet.distance_m[0].tolist() == [0, 3, 5, 4, 1]
    assert fleet.duration_s is fleet.distance_m
    assert fleet.distance_m.dtype == np.int32
    assert (instance.labels, instance.numbers) == ((2, 3, 4, 5), (1, 2, 3, 4))
    bill = recompute(instance, Solution(((1, 2), (4, 3))))
    assert (bill.cost, bill.vehicles, bill.feasible) == (3 + 4 + 5 + 1 + 3 + 4, 2, True)
    assert any("4, as many as customers" in note for note in instance.notes)


def test_keys_may_be_written_with_or_without_a_blank(written: Write) -> None:
    """`KEY: v`, `KEY : v`, tabs and small letters make no difference; a missing EOF makes a note."""
    plain = read_instance(written(CVRP))
    other = read_instance(written(CVRP.replace(" : ", ":\t").replace("TYPE", "type").replace("EOF", "")))
    assert other.notes == ("there is no EOF at the end: is the file whole?", *plain.notes)
    assert np.array_equal(other.problem.fleets[0].distance_m, plain.problem.fleets[0].distance_m)


@pytest.mark.parametrize(
    ("spelt", "name"), [('"toy town"', "toy town"), ('toy "5"', 'toy "5"'), ('"toy" "5"', '"toy" "5"'), ('5"', '5"')]
)
def test_quotes_around_a_value_are_dropped(written: Write, spelt: str, name: str) -> None:
    """Quotes around the whole of a value are not part of it, others are."""
    text = CVRP.replace("NAME : square", f"NAME : {spelt}")
    assert text != CVRP
    assert read_instance(written(text)).name == name


def test_other_roundings(written: Write) -> None:
    """Rounding can be chosen, and CEIL_2D rounds up by itself."""
    path = written(CVRP)
    rows = {r.value: read_instance(path, rounding=r).problem.fleets[0].distance_m[0, 4] for r in Rounding}
    assert rows == {"none": 1414, "nearest": 1, "ceil": 2, "trunc1": 14, "x1000": 1414}
    up = read_instance(written(CVRP.replace("EUC_2D", "CEIL_2D")))
    assert up.problem.fleets[0].distance_m[0, 4] == 2
    exact = recompute(read_instance(path, rounding="none"), Solution(((4, 3), (1, 2))))
    assert exact.cost == pytest.approx(2**0.5 + 10**0.5 + 4 + 12)


def test_a_mixed_fleet(written: Write) -> None:
    """Equal vehicles are one fleet; routes go with the file's vehicles in their order; costs are told in hundreds."""
    instance = read_instance(written(MIXED))
    assert instance.vehicles == ((0, 2), (1,))
    assert [(fleet.count, fleet.mass_g) for fleet in instance.problem.fleets] == [(2, 20), (1, 8)]
    bill = recompute(instance, Solution(((), (2,), (1, 3))))
    assert bill.feasible
    assert bill.cost == pytest.approx((500 + 100 * 2 * 8**0.5 + 1000 + 200 * (2**0.5 + 17**0.5 + 5)) / 100, abs=1e-6)
    bad = recompute(instance, Solution(((), (1, 3), (2,))))
    assert [violation.rule for violation in bad.violations] == ["mass"]
    assert instance.objective == Objective.FIXED


def test_depots_and_longest_durations(written: Write) -> None:
    """Vehicles start from their depots, a late start spares waiting, and waiting that is left counts."""
    instance = read_instance(written(DEPOTS))
    problem = instance.problem
    assert [fleet.hub for fleet in problem.fleets] == [0, 1]
    assert problem.fleets[0].shift_s == 12500
    assert instance.numbers == (2, 3, 4)
    bill = recompute(instance, Solution(((2, 3), (4,))))
    assert bill.feasible
    assert bill.cost == round(1000 * 2**0.5) + 2000 + 2000
    first = bill.plan.routes[0].trips[0]
    assert first.return_s - first.depart_s == round(1000 * 2**0.5) + 2000 + 4000
    waits = recompute(read_instance(written(DEPOTS.replace("4 5 20", "4 30 40"))), Solution(((2, 3), (4,))))
    (violation,) = waits.violations
    assert (violation.rule, violation.needs) == ("shift", (30 + 2 + 1 - (9 - 1)) * 1000)


def test_several_trips_and_release_times(written: Write) -> None:
    """A visit to the depot begins a new trip, which waits for the last of its orders to be released."""
    instance = read_instance(written(TRIPS))
    assert instance.problem.fleets[0].max_trips == MANY
    bill = recompute(instance, Solution(((1, 0, 3, 2),)))
    assert bill.feasible
    assert [trip.depart_s for trip in bill.plan.routes[0].trips][1] == 200
    assert bill.cost == 40 + 14 + int(10 * 5**0.5) + 30
    once = read_instance(
        written(TRIPS.replace("VEHICLES_RELOAD_DEPOT_SECTION\n1 1", "VEHICLES_RELOAD_DEPOT_SECTION\n1"))
    )
    assert [v.rule for v in recompute(once, Solution(((1, 0, 3, 2),))).violations] == ["trips"]
    two = read_instance(written(TRIPS.replace("CAPACITY:", "VEHICLES_MAX_RELOADS: 1\nCAPACITY:")))
    assert two.problem.fleets[0].max_trips == 2


def test_allowed_customers(written: Write) -> None:
    """A vehicle that may not serve a customer is found out."""
    instance = read_instance(written(ALLOWED))
    assert [fleet.allowed.tolist() for fleet in instance.problem.fleets] == [[True, False], [True, True]]
    assert recompute(instance, Solution(((1,), (2,)))).feasible
    assert [v.rule for v in recompute(instance, Solution(((1, 2), ()))).violations] == ["allowed"]
    assert any("node 1 is taken for the depot" in note for note in instance.notes)


def test_halves_are_rounded_up(written: Write) -> None:
    """Half a unit of a length counts as one, as TSPLIB's nint has it, be the whole part even or odd."""
    instance = read_instance(written(CVRP.replace("2 3 0", "2 2.5 0").replace("5 1 1", "5 0 3.5")))
    assert instance.problem.fleets[0].distance_m[0].tolist() == [0, 3, 5, 4, 4]


@pytest.mark.parametrize("rounding", [None, "trunc1", "x1000"])
def test_lengths_and_costs_of_a_mixed_fleet_are_in_one_unit(written: Write, rounding: str | None) -> None:
    """Costs in hundredths are told without, lengths as the file has them, whatever parts plans are made with."""
    bill = recompute(read_instance(written(MIXED), rounding=rounding), Solution(((3,), (), ())))
    assert (bill.cost, bill.distance) == (10 + 10 * 2, 10)


def test_unpriced_lengths_of_a_mixed_fleet_are_no_hundredths(written: Write) -> None:
    """Where only the distance is asked for, the cost told is the distance."""
    for rounding, told in ((None, 10), ("nearest", 10), ("trunc1", 100)):
        instance = read_instance(written(MIXED), objective=Objective.DISTANCE, rounding=rounding)
        bill = recompute(instance, Solution(((3,), (), ())))
        assert (bill.cost, bill.distance) == (told, told)
        assert not any("hundredths" in note for note in instance.notes)


def test_prizes(written: Write) -> None:
    """Prizes not fetched are part of the cost; customers without one must be served, whatever it costs."""
    instance = read_instance(written(PRIZES))
    assert instance.objective == Objective.PRIZES
    assert instance.prize.tolist() == [50_000, 60_000, 0]
    assert instance.problem.unserved_cost[2] > 3 * 800_000
    bill = recompute(instance, Solution(((1, 3),)))
    assert (bill.cost, bill.missing) == (10 + 14 + 10 + 60, 0)
    assert recompute(instance, Solution(((1,),))).missing == 1


def test_groups(written: Write) -> None:
    """Of a group one member is served: its members are the options of one order."""
    instance = read_instance(written(GROUPS))
    assert instance.problem.order_ids == ("2|3", "4|5")
    assert instance.problem.option_order.tolist() == [0, 0, 1, 1]
    bill = recompute(instance, Solution(((2, 3),)))
    assert (bill.cost, bill.feasible) == (1 + 2 + 2, True)
    twice = recompute(instance, Solution(((1, 2, 3),)))
    assert [violation.rule for violation in twice.violations] == ["each-order-once"]


@pytest.mark.parametrize(
    ("layout", "numbers"),
    [
        ("FULL_MATRIX", "0 1 2 3 0 4 5 6 0"),
        ("LOWER_ROW", "1 2 4"),
        ("LOWER_DIAG_ROW", "0 1 0 2 4 0"),
        ("UPPER_ROW", "1 2 4"),
        ("UPPER_DIAG_ROW", "0 1 2 0 4 0"),
        ("LOWER_COL", "1 2 4"),
        ("LOWER_DIAG_COL", "0 1 2 0 4 0"),
        ("UPPER_COL", "1 2 4"),
        ("UPPER_DIAG_COL", "0 1 0 2 4 0"),
    ],
)
def test_matrices_in_every_layout(written: Write, layout: str, numbers: str) -> None:
    """A matrix means the same in whichever layout it is written; a full one may be asymmetric, and that is said."""
    instance = read_instance(written(MATRIX.format(layout=layout, numbers=numbers)))
    table = instance.problem.fleets[0].distance_m.tolist()
    full = layout == "FULL_MATRIX"
    assert table == ([[0, 1, 2], [3, 0, 4], [5, 6, 0]] if full else [[0, 1, 2], [1, 0, 4], [2, 4, 0]])
    assert any("asymmetric" in note for note in instance.notes) == full
    assert any("triangle" in note for note in instance.notes) == (not full)
    assert instance.problem.site_xy_m.shape == (3, 2)


def test_vehicles_first(written: Write) -> None:
    """With vehicles first, one vehicle less is worth any way; the cost told is the distance."""
    instance = read_instance(written(CVRP), objective=Objective.VEHICLES)
    (fleet,) = instance.problem.fleets
    assert fleet.vehicle_cost > fleet.metre_cost * 2 * (3 + 5 + 4 + 1)
    assert recompute(instance, Solution(((1, 2), (3, 4)))).cost == 20


@pytest.mark.parametrize("n", [0, 1])
def test_hardly_any_customers(written: Write, n: int) -> None:
    """No customer and one customer are problems like any other."""
    text = CVRP.replace("DIMENSION : 5", f"DIMENSION : {n + 1}")
    kept = [line for line in text.splitlines() if not line[:1].isdigit() or int(line.split()[0]) <= n + 1]
    instance = read_instance(written("\n".join(kept)))
    assert len(instance.problem.order_ids) == n
    bill = recompute(instance, Solution(((1,),) if n else ()))
    assert (bill.cost, bill.feasible) == (6 * n, True)
