"""Tests of published sets of vans with drones: small files of each, what is wrong with them, and archived plans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from doorstep.errors import InputError
from doorstep.formats.agatz import read_agatz, read_operations
from doorstep.formats.flights import read_timeline
from doorstep.formats.murraychu import read_fstsp, read_pdstsp
from doorstep.formats.murrayraj import read_mfstsp
from doorstep.planning.tandem import breaches, solve_tandem
from doorstep.planning.tandem.timeline import plan_of_row, row_of

BENCH = Path(__file__).parents[2].parent / "shared" / "bench"
AGATZ = """/*The speed of the Truck*/
1.0
/*The speed of the Drone*/
0.5
/*Number of Nodes*/
4
/*The Depot*/
0.0 0.0 depot
/*The Locations (x_coor y_coor name)*/
3.0 4.0 loc1
0.0 8.0 loc2
-6.0 0.0 loc3
"""
OPERATIONS = "/* operations */ 2\n0 2 1 0\n2 0 -1 1 3\n"
MINUTES = "0,2,3,0\n2,0,4,2\n3,4,0,3\n0,0,0,0\n"
PLACES = """% nodeID, nodeType, latDeg, lonDeg, altMeters, parcelWtLbs
0, 0, 47.60, -122.30, 0.0, -1.0
1, 1, 47.61, -122.30, 0.0, 4.0
2, 1, 47.60, -122.32, 0.0, 100.0
"""
LEGS = "% from, to, time [sec], distance [meters]\n" + "".join(
    f"{i}, {j}, {400.0 if i != j else 0.0}, {3000.0 if i != j else 0.0}\n" for i in range(3) for j in range(3)
)
VEHICLES = """% vehicleID, vehicleType, ...
1,1,-1,-1,-1,-1,-1,-1,-1,-1,30,-1,NA
2,2,10,20,5,360,50,5,60,30,60,500000,high
"""
TIMELINE = """problemName, vehicleFileID
Objective Function Value: 950.000000

Assignments:
vehicleID, vehicleType, activityType, startTime, startNode, endTime, endNode, Description, Status
1, Truck, a, 0.0, 0, 60.0, 0, Launching UAV 2, UAV Launch
1, Truck, a, 60.0, 0, 460.0, 2, Travel from node 0 to node 2, Traveling
1, Truck, a, 460.0, 2, 490.0, 2, Dropping off package to Customer 2, Making Delivery
1, Truck, a, 490.0, 2, 520.0, 2, Retrieving UAV 2, UAV Recovery
1, Truck, a, 520.0, 2, 920.0, 3, Travel from node 2 to node 3, Traveling
2, UAV, a, 0.0, 0, 60.0, 0, Prepare to launch from truck, UAV Launch
2, UAV, a, {arrival}, 1, {leave}, 1, Serving UAV customer 1, Making Delivery
2, UAV, a, {back}, 2, 490.0, 2, Idle above rendezvous location, Idle
2, UAV, a, 490.0, 2, 520.0, 2, Recovered by truck, UAV Recovery
"""


def _written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def test_tsp_with_drone_is_read(tmp_path: Path) -> None:
    """Straight lines times the speeds; operations become the plan that they describe."""
    folder = _written(tmp_path, one__txt=AGATZ, plan__txt=OPERATIONS)
    problem = read_agatz(folder / "one.txt")
    assert problem.van_s[0, 1] == pytest.approx(5)
    assert problem.out_s[1, 2] == pytest.approx(2.5)
    assert (problem.may_return, problem.may_revisit) == (True, True)
    plan = read_operations(folder / "plan.txt", problem)
    assert plan.stops == (0, 2, 3, 0)
    assert plan.makespan_s == pytest.approx(8 + 10 + 6)
    assert breaches(problem, plan) == ()
    assert solve_tandem(problem).makespan_s <= plan.makespan_s


def test_restrictions_of_the_drone_are_read(tmp_path: Path) -> None:
    """The most that it may fly in a sortie is its battery; places without visits are served by the van."""
    folder = _written(tmp_path, one__txt="#MAXFLY 5.0\n#NOVISIT 2\n" + AGATZ)
    problem = read_agatz(folder / "one.txt")
    assert problem.battery_j == pytest.approx(5)
    assert problem.by_drone.tolist() == [True, True, False, True]
    plan = solve_tandem(problem)
    assert all(sortie.energy_j <= 5 + 1e-6 and sortie.customer != 2 for sortie in plan.sorties)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("1.0 0.5", "missing"),
        (AGATZ.replace("4\n", "5\n", 1), "places need"),
        (AGATZ.replace("3.0 4.0", "3.0 north"), "no|not a number"),
        (AGATZ.replace("1.0\n", "0.0\n", 1), "above 0"),
        ("#MAXFLY\n" + AGATZ, "not known"),
        ("#NOVISIT 9\n" + AGATZ, "no place 9"),
    ],
)
def test_bad_tsp_files_are_told(tmp_path: Path, text: str, words: str) -> None:
    """What is wrong with a file is said."""
    with pytest.raises(InputError, match=words):
        read_agatz(_written(tmp_path, one__txt=text) / "one.txt")


def test_each_word_is_told_once(tmp_path: Path) -> None:
    """A word that is no number is one fault, not also a number that is too small or not whole."""
    for old, new in (("1.0\n", "one\n"), ("4\n", "four\n")):
        folder = _written(tmp_path, one__txt=AGATZ.replace(old, new, 1))
        with pytest.raises(InputError) as told:
            read_agatz(folder / "one.txt")
        assert sum("is not a number" in str(fault) for fault in told.value.faults) == 1
        assert not any("above 0" in str(fault) or "whole" in str(fault) for fault in told.value.faults)


def test_operations_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    """An operation that begins where the van is not, a file cut off and a plan that is none are faults."""
    folder = _written(tmp_path, one__txt=AGATZ, a__txt="1\n2 0 -1 0\n", b__txt="2\n0 2 1 0\n", c__txt="1\n0 2 1 0\n")
    problem = read_agatz(folder / "one.txt")
    for name in ("a.txt", "b.txt", "c.txt"):
        with pytest.raises(InputError):
            read_operations(folder / name, problem)


def test_truck_and_sidekick_are_read(tmp_path: Path) -> None:
    """Minutes become seconds, the second depot is the first, only light parcels are flown."""
    folder = _written(tmp_path, tau__csv=MINUTES, tauprime__csv=MINUTES, Cprime__csv="2\n")
    problem = read_fstsp(folder, 20)
    assert problem.van_s.tolist() == [[0, 120, 180], [120, 0, 240], [180, 240, 0]]
    assert (problem.battery_j, problem.wait_w, problem.may_return) == (19 * 60, 1.0, False)
    assert problem.by_drone.tolist() == [False, False, True]
    assert problem.launch_s.tolist() == [0, 60, 60]
    beside = read_pdstsp(folder, 2, flight_min=5)
    assert np.isinf(beside.beside_s).all()
    assert read_pdstsp(folder, 2).beside_s.tolist() == [np.inf, np.inf, 360.0]
    assert solve_tandem(read_pdstsp(folder, 2)).makespan_s == pytest.approx(360)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"tau__csv": "0,1\n"}, "square"),
        ({"tau__csv": "0,1\n1\n"}, "numbers are needed"),
        ({"Cprime__csv": "7\n"}, "go from 1"),
        ({"tauprime__csv": "x\n"}, "not a number"),
    ],
)
def test_bad_tables_of_a_truck_are_told(tmp_path: Path, files: dict[str, str], words: str) -> None:
    """What is wrong with a table is said."""
    folder = _written(tmp_path, **({"tau__csv": MINUTES, "tauprime__csv": MINUTES, "Cprime__csv": "2\n"} | files))
    with pytest.raises(InputError, match=words):
        read_fstsp(folder)


def test_a_truck_with_several_drones_is_read_and_its_timeline_replayed(tmp_path: Path) -> None:
    """Rises, cruise and descents take what speeds and heights say; an archived plan keeps the rules to the second."""
    folder = _written(
        tmp_path, tbl_locations__csv=PLACES, tbl_truck_travel_data_PG__csv=LEGS, tbl_vehicles_1__csv=VEHICLES
    )
    problem = read_mfstsp(folder, folder / "tbl_vehicles_1.csv", 1)
    away = 6_378_100.0 * np.radians(0.01)
    assert problem.out_s[0, 1] == pytest.approx(50 / 10 + 0.5 + away / 20 + 50 / 5)
    assert problem.by_drone.tolist() == [False, True, False]
    assert problem.out_j[0, 1] > problem.back_j[0, 1]
    arrival = 60 + problem.out_s[0, 1]
    back = arrival + 60 + problem.back_s[1, 2]
    text = TIMELINE.format(arrival=arrival, leave=arrival + 60, back=back).replace("950.0", "920.0")
    plan, stated = read_timeline(_written(tmp_path, solution__csv=text) / "solution.csv", problem)
    assert stated == plan.makespan_s == pytest.approx(920)
    assert breaches(problem, plan, 1.0) == ()
    again = plan_of_row(problem, row_of(problem, [(task.act, task.customer) for task in plan.tasks]))
    assert again is not None
    assert again.makespan_s == pytest.approx(stated)
    late = _written(tmp_path, late__csv=text.replace("2, UAV, a, 490.0", "2, UAV, a, 700.0"))
    with pytest.raises(InputError, match="no drone does"):
        read_timeline(late / "late.csv", problem)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"tbl_locations__csv": "1, 0, 47, -122, 0, 1\n"}, "numbered"),
        ({"tbl_locations__csv": "0, 0, 47\n"}, "numbers are needed"),
        ({"tbl_truck_travel_data_PG__csv": "0, 9, 1, 1\n"}, "places go"),
        ({"tbl_vehicles_1__csv": "1,1\n"}, "columns"),
        ({"tbl_vehicles_1__csv": "1,1,-1,-1,-1,-1,-1,-1,-1,-1,30,-1,NA\n"}, "a drone"),
    ],
)
def test_bad_files_of_several_drones_are_told(tmp_path: Path, files: dict[str, str], words: str) -> None:
    """What is wrong with places, legs or vehicles is said."""
    given = {"tbl_locations__csv": PLACES, "tbl_truck_travel_data_PG__csv": LEGS, "tbl_vehicles_1__csv": VEHICLES}
    folder = _written(tmp_path, **(given | files))
    with pytest.raises(InputError, match=words):
        read_mfstsp(folder, folder / "tbl_vehicles_1.csv")


def test_published_plans_recompute() -> None:
    """Optimal operations keep the rules at their stated cost and are met; archived timelines replay to the second."""
    if not (BENCH / "tspd_agatz").is_dir():
        pytest.skip("the public instances are not there")
    for path in sorted((BENCH / "tspd_agatz" / "uniform").glob("*-n[5-9].txt")):
        problem = read_agatz(path)
        plan = read_operations(path.parent / "solutions" / f"{path.stem}-DP.txt", problem)
        assert breaches(problem, plan) == ()
        assert solve_tandem(problem).makespan_s == pytest.approx(plan.makespan_s)
    for path in sorted((BENCH / "mfstsp_murray_raj").glob("*/tbl_solutions_104_[13]_*.csv")):
        problem = read_mfstsp(path.parent, path.parents[1] / "tbl_vehicles_104.csv", int(path.stem.split("_")[3]))
        plan, stated = read_timeline(path, problem)
        assert breaches(problem, plan, 1.0) == ()
        again = plan_of_row(problem, row_of(problem, [(task.act, task.customer) for task in plan.tasks]))
        assert again is not None
        assert again.makespan_s == pytest.approx(stated, abs=1.0)
