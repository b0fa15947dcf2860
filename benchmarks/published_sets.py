"""What is tried on each published set of `published.py`: an entry of the manifest goes in, results come out."""

from __future__ import annotations

import csv
import re
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.agatz import read_agatz, read_operations
from doorstep.formats.buzzega import read_lockers
from doorstep.formats.flights import read_timeline
from doorstep.formats.murraychu import MINUTE_S, read_fstsp, read_pdstsp
from doorstep.formats.murrayraj import read_mfstsp
from doorstep.formats.schneider import read_charging
from doorstep.handover import Size
from doorstep.lockers.occupancy import DAY_S, Dwell, compartments_for, erlang_b
from doorstep.lockers.turnover import live_through
from doorstep.planning.small.charging import plan_charging
from doorstep.planning.small.lockertour import plan_lockers
from doorstep.planning.tandem.checker import breaches
from doorstep.planning.tandem.search import solve_tandem
from doorstep.planning.tandem.timeline import plan_of_row, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from doorstep.planning.tandem.problem import TandemProblem

    Entry = dict[str, str]

SECOND_S = 1.0
WEIGHT = 10_000.0
"""Of a vehicle beside a unit of distance, where fewest vehicles come first."""
ROUNDED = 0.0101
"""Values with two decimals, some of them cut off."""
EXACT = 1e-5
MIP_GAP = 1e-4
"""What a solver calls optimal may be so much above, as a share."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found for one value of the manifest."""

    problem: str
    name: str
    value: float
    known: float
    proven: bool
    """Whether the known value is an optimum."""
    slack: float
    """By how much values may differ and be the same."""
    seconds: float
    faults: tuple[str, ...] = ()
    more: tuple[tuple[str, float], ...] = ()
    """Other numbers, added up (names that end in `count`) or averaged in the row."""


def _tandem(
    problem: TandemProblem,
    kind: str,
    name: str,
    known: float,
    proven: bool,
    slack: float,
    seed: int,
    unit_s: float = 1.0,
) -> Result:
    began = time.process_time()
    plan = solve_tandem(problem, seed=seed)
    seconds = time.process_time() - began
    faults = tuple(f"{breach.rule}: {breach.what}" for breach in breaches(problem, plan))
    faults += tuple(f"customer {x} is not served" for x in plan.unserved)
    proved = (("own_proof_count", float(plan.optimal)),)
    return Result(kind, name, plan.makespan_s / unit_s, known, proven, slack, seconds, faults, proved)


def tspd_entries(folder: Path) -> list[Entry]:
    """Return entries for files whose optimum lies in `solutions` beside them: the set has none in the manifest."""
    made = []
    for path in sorted((folder / "tspd_agatz").rglob("*.txt")):
        for kind in ("DP", "sMIP"):
            solution = path.parent / "solutions" / f"{path.stem}-{kind}.txt"
            if solution.is_file():
                names = [str(file.relative_to(folder)) for file in (path, solution)]
                customers = len(read_agatz(path).van_s) - 1
                made.append({
                    "set": "tspd_agatz", "problem": "TSP-D", "instance_file": names[0], "solution_file": names[1],
                    "n_customers": str(customers), "bks": "", "proven_optimal": "1",
                })  # fmt: skip
                break
    return made


def tspd(folder: Path, entry: Entry, seed: int) -> Iterator[Result]:
    """Yield what is found for a travelling salesman with a drone; files name the number of places, depot included."""
    problem = read_agatz(folder / entry["instance_file"])
    known = float(entry["bks"] or read_operations(folder / entry["solution_file"], problem).makespan_s)
    size = next(bound for bound in (11, 15, sys.maxsize) if problem.sites <= bound)
    kind = {11: "TSP-D, n <= 11", 15: "TSP-D, n from 12 to 15"}.get(size, "TSP-D, n > 15")
    yield _tandem(problem, kind, entry["instance_file"], known, entry["proven_optimal"] == "1", EXACT, seed)


def murraychu(folder: Path, entry: Entry, seed: int) -> Iterator[Result]:
    """Yield what is found for a truck with a drone on it, or with drones at the depot."""
    path, name, known = folder / entry["instance_file"], entry["instance_file"], float(entry["bks"].split()[0])
    proven = entry["proven_optimal"] == "1"
    if entry["problem"].startswith("PDSTSP"):
        found = re.search(r"uav=(\d+)", entry["bks"])
        problem = read_pdstsp(path, int(found[1]) if found else 1)
        yield _tandem(problem, "PDSTSP", name, known, proven, EXACT, seed, MINUTE_S)
        return
    endurance, way = re.search(r"E=([\d.]+)", entry["bks"]), re.search(r"convention (\w)", entry["problem"])
    minutes = float(endurance[1]) if endurance else 20.0
    if way is None or way[1] == "B":
        problem = read_fstsp(path, minutes)
        yield _tandem(problem, "FSTSP, waiting counts", name, known, proven, EXACT, seed, MINUTE_S)
    for row in _derived(path.parents[2], path.name, minutes):
        problem = read_fstsp(path, minutes, waiting_counts=False)
        yield _tandem(problem, "FSTSP, waiting is free", name, row, proven, EXACT, seed, MINUTE_S)


def _derived(folder: Path, name: str, minutes: float) -> Iterator[float]:
    """Yield the optimum of the other convention, if the set's own table has it."""
    table = folder / "fstsp10_exact_dp_derived.csv"
    if table.is_file():
        with table.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["instance"] == name and float(row["endurance_min"]) == minutes:
                    yield float(row["C_sequential_flight_only"])


def murrayraj(folder: Path, entry: Entry, seed: int) -> Iterator[Result]:
    """Yield what is found for a truck with several drones, beside the optimum and the heuristic in the archive."""
    archived = folder / entry["solution_file"]
    found = re.search(r"_(\d+)_(\d+)_(IP|Heuristic)", archived.name)
    if found is None:
        return
    problem = read_mfstsp(
        folder / entry["instance_file"], archived.parents[1] / f"tbl_vehicles_{found[1]}.csv", int(found[2])
    )
    exact, own = float(entry["bks"].split()[0]), entry["solution_file"]
    proven = found[3] == "IP" and entry["proven_optimal"] == "1"
    kind = {True: "mFSTSP, optimum", False: "mFSTSP, archived plans without proof"}[proven]
    if found[3] == "Heuristic":
        kind = "mFSTSP, archived heuristic"
    best = _tandem(problem, kind, own, exact, proven, MIP_GAP * exact, seed)
    yield _with_replay(best, problem, archived)
    other = archived.with_name(archived.name.replace("_IP", "_Heuristic"))
    if other != archived and other.is_file():
        _, known = read_timeline(other, problem)
        beside = Result(
            "mFSTSP, archived heuristic", f"{own} (heuristic)", best.value, known, False, MIP_GAP * known, best.seconds,
            best.faults,
        )  # fmt: skip
        yield _with_replay(beside, problem, other)


def _with_replay(result: Result, problem: TandemProblem, path: Path) -> Result:
    """Return a result with whether an archived timeline is replayed to the second, by its own times and anew."""
    plan, stated = read_timeline(path, problem)
    faults = [f"archived {breach.rule}: {breach.what}" for breach in breaches(problem, plan, SECOND_S)]
    again = plan_of_row(problem, row_of(problem, [(task.act, task.customer) for task in plan.tasks]))
    fits = again is not None and abs(again.makespan_s - stated) < SECOND_S and abs(plan.makespan_s - stated) < SECOND_S
    more = (*result.more, ("replayed_count", float(fits and not faults)))
    told = (*result.faults, *faults, *(() if fits else (f"replayed to {again and again.makespan_s}, not {stated}",)))
    return Result(
        result.problem, result.name, result.value, result.known, result.proven, result.slack, result.seconds, told, more
    )


def lockers(folder: Path, entry: Entry, seed: int) -> Iterator[Result]:
    """Yield what is found for a tour with lockers; those of several vehicles have a capacity that nobody tells."""
    kind = entry["problem"].split()[-1]
    if not kind.startswith("TSPL"):
        return
    task = read_lockers(folder / entry["instance_file"])
    began = time.process_time()
    plan = plan_lockers(task, windows=kind.endswith("TW"), seed=seed)
    seconds = time.process_time() - began
    more = (
        ("travel", plan.travel),
        ("walk", plan.walk),
        ("users", float(len(plan.users))),
        ("own_proof_count", float(plan.optimal)),
    )
    proven, known = entry["proven_optimal"] == "1", float(entry["bks"])
    yield Result(kind, entry["instance_file"], plan.cost, known, proven, EXACT, seconds, more=more)


def charging(folder: Path, entry: Entry, _: int) -> Iterator[Result]:
    """Yield what is found for electric vehicles: fewest vehicles, then distance."""
    vehicles, _slash, distance = entry["bks"].partition("/")
    task = read_charging(folder / entry["instance_file"])
    began = time.process_time()
    plan = plan_charging(task)
    seconds = time.process_time() - began
    known = WEIGHT * int(vehicles.split()[0]) + float(distance)
    value = WEIGHT * len(plan.routes) + plan.distance
    more = (("vehicles", float(len(plan.routes))), ("distance", plan.distance))
    yield Result(
        "E-VRPTW", entry["instance_file"], value, known, entry["proven_optimal"] == "1", ROUNDED, seconds, more=more
    )


def locker_sizes(_: Path, entry: Entry, seed: int) -> Iterator[Result]:
    """Yield how many parcels a bank turns away when it is lived through, beside Erlang's share; and how few suffice."""
    offered, compartments = float(entry["problem"]), int(entry["bks"])
    name, known = f"{offered:g} wait for {compartments} compartments", erlang_b(offered, compartments)
    began = time.process_time()
    dwell = Dwell(0.6 * DAY_S, 0.5)
    rng = np.random.default_rng([seed, compartments])
    found = live_through({Size.M: compartments}, {Size.M: offered / 0.6}, dwell, 400_000, rng)
    seconds = time.process_time() - began
    yield Result("share turned away, simulated", name, found.blocked_share, known, True, found.within, seconds)
    if entry["proven_optimal"] == "1":
        least = compartments_for(offered, 0.01)
        yield Result("least for 1 %", name, least, compartments, True, 0.0, 0.0)


def size_entries() -> list[Entry]:
    """Return entries for banks of one size whose least number of compartments for 1 % turned away is known, and two."""
    table = [(20, 30, "1"), (36, 48, "1"), (50, 64, "1"), (64, 79, "1"), (36, 40, "0"), (36, 50, "0")]
    return [
        {
            "set": "locker_sizes", "problem": str(offered), "instance_file": ".", "solution_file": "",
            "n_customers": "0", "bks": str(compartments), "proven_optimal": least,
        }
        for offered, compartments, least in table
    ]  # fmt: skip


SETS: dict[str, Callable[[Path, Entry, int], Iterator[Result]]] = {
    "tspd_agatz": tspd,
    "fstsp_pdstsp_murray2015": murraychu,
    "mfstsp_murray_raj": murrayraj,
    "locker_tsptw_buzzega": lockers,
    "evrptw_schneider": charging,
    "locker_sizes": locker_sizes,
}
"""Sets of the manifest, and what is done with their entries."""
LARGEST = {"locker_tsptw_buzzega": 20, "evrptw_schneider": 10}
"""Customers, at the most, unless told otherwise: beyond, exact methods take minutes."""
