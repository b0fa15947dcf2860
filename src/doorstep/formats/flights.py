"""Flights: archived timelines of a truck with several drones (Murray and Raj) as tandem plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from doorstep.formats.sheet import read_lines
from doorstep.network.given import given_path
from doorstep.planning.tandem.plan import Act, Sortie, TandemPlan, Task

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.formats.sheet import Sheet
    from doorstep.planning.tandem.problem import TandemProblem

_COLUMNS = 9
_VALUE = re.compile(r"Objective Function Value:\s*(\S+)")
_DRONE = re.compile(r"(?:Launching|Retrieving) UAV (\d+)")
_FIRST_DRONE = 2
"""What the files call the first drone."""
_ACTS = {"Traveling": Act.DRIVE, "Making Delivery": Act.SERVE, "UAV Launch": Act.LAUNCH, "UAV Recovery": Act.RECOVER}


class Row(NamedTuple):
    """One activity of the file."""

    line: int
    vehicle: int
    begin_s: float
    start: int
    end_s: float
    end: int
    what: str
    status: str


def read_timeline(path: Path | str, problem: TandemProblem) -> tuple[TandemPlan, float]:
    """Return an archived plan with its own times, and the makespan [s] that the file states.

    Raises
    ------
    InputError
        Where a row is no activity or an activity has no counterpart.
    """
    sheet = read_lines(given_path(path))
    found = next((value for line in sheet.lines if (value := _VALUE.search(line))), None)
    if found is None:
        sheet.fault(0, "no 'Objective Function Value' is told", "is this a solution of the set?", "format")
        sheet.stop()
        raise AssertionError  # the fault above was raised
    stated = sheet.number(0, found[1])
    rows = _rows(sheet, problem.sites)
    sheet.stop()
    sorties = _sorties(sheet, problem, rows)
    sheet.stop()
    tasks = _tasks(sheet, rows, sorties)
    sheet.stop()
    makespan = max((task.end_s for task in tasks), default=0.0)
    return TandemPlan(tuple(tasks), tuple(sorties), (), (), makespan, makespan, method="archived"), stated


def _rows(sheet: Sheet, sites: int) -> list[Row]:
    """Return the activities, in time; the last place is the depot."""
    rows, begun = [], False
    for number, line in enumerate(sheet.lines, start=1):
        cells = [cell.strip() for cell in line.split(",")]
        if cells[0] == "vehicleID":
            begun = True
        elif begun and len(cells) == _COLUMNS:
            vehicle, start, end = (sheet.whole(number, cells[k]) for k in (0, 4, 6))
            begin_s, end_s = sheet.number(number, cells[3]), sheet.number(number, cells[5])
            if max(start, end) > sites:
                sheet.fault(number, f"there is no place {max(start, end)}", code="place")
            rows.append(Row(number, vehicle, begin_s, start % sites, end_s, end % sites, cells[7], cells[8]))
        elif begun and line.strip():
            sheet.fault(number, f"{_COLUMNS} columns are needed here, there are {len(cells)}", code="row")
    return sorted(rows, key=lambda row: (row.vehicle, row.begin_s, row.end_s))


def _sorties(sheet: Sheet, problem: TandemProblem, rows: list[Row]) -> list[Sortie]:
    sorties: list[Sortie] = []
    begun: dict[int, dict[str, Any]] = {}
    for row in (row for row in rows if row.vehicle >= _FIRST_DRONE):
        own = begun.setdefault(row.vehicle, {})
        if row.status == "UAV Launch":
            own["launch"], own["idle"] = row, 0.0
        elif row.status == "Making Delivery":
            own["door"] = row
        elif row.status == "Idle":
            own["idle"] = row.end_s - row.begin_s
        elif row.status == "UAV Recovery":
            if not {"launch", "door"} <= own.keys():
                sheet.fault(row.line, f"vehicle {row.vehicle} is taken in, but was not launched", code="sortie")
                continue
            sorties.append(_sortie(problem, own.pop("launch"), own.pop("door"), own.pop("idle"), row))
    return sorted(sorties, key=lambda sortie: sortie.takeoff_s)


def _sortie(problem: TandemProblem, launch: Row, door: Row, idle_s: float, recovery: Row) -> Sortie:
    energy = problem.out_j[launch.start, door.start] + problem.back_j[door.start, recovery.start]
    return Sortie(
        drone=launch.vehicle - _FIRST_DRONE,
        customer=door.start,
        launch_site=launch.start,
        recover_site=recovery.start,
        takeoff_s=launch.end_s,
        handover_s=door.begin_s,
        leave_s=door.end_s,
        back_s=recovery.begin_s - idle_s,
        landed_s=recovery.begin_s,
        energy_j=float(energy + problem.wait_w * idle_s),
    )


def _tasks(sheet: Sheet, rows: list[Row], sorties: list[Sortie]) -> list[Task]:
    """Return what the truck does; its launches and its drones taken in belong to the sortie of that time."""
    launched = {(sortie.drone, sortie.takeoff_s): sortie.customer for sortie in sorties}
    landed = {(sortie.drone, sortie.landed_s): sortie.customer for sortie in sorties}
    tasks = []
    for row in (row for row in rows if row.vehicle < _FIRST_DRONE and row.status in _ACTS):
        act, customer = _ACTS[row.status], row.end
        if act in {Act.LAUNCH, Act.RECOVER}:
            named = _DRONE.search(row.what)
            drone = int(named[1]) - _FIRST_DRONE if named else -1
            key, known = ((drone, row.end_s), launched) if act is Act.LAUNCH else ((drone, row.begin_s), landed)
            if key not in known:
                sheet.fault(row.line, f"no drone does what '{row.what}' says", code="sortie")
                continue
            customer = known[key]
        tasks.append(Task(act, row.end, customer, row.begin_s, row.end_s))
    return tasks
