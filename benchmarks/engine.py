"""The planning engine against its peers on public instances, in one run: gaps to the best known values by family.

    python benchmarks/engine.py --instances DIR [--family NAME ...] [--time 10] [--limit K] [--seed 1] [--tools ...]

DIR has a MANIFEST.csv with the columns set, instance_file, bks, objective, proven_optimal. Every run is a process of
its own with one thread. The time is that of the search: imports, compilation (Doorstep plans a tiny problem first) and
the building of a tool's model are told apart. Whatever a tool says of its routes, they are costed and checked by
Doorstep's reader of the instance. Rows are JSON lines on stdout, one for each family and tool; a table of them, and
every single run, on stderr.

Where vehicles come before distance, the gap is that of 10,000 x vehicles + distance; vehicles too many on average, and
the gap in distance where there are none too many, are told beside it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from engine_peers import PEERS

from doorstep.formats import read_instance, recompute, score
from doorstep.formats.costing import WEIGHT
from doorstep.formats.solution import plan_of_rows

if TYPE_CHECKING:
    from doorstep.formats import Instance
    from doorstep.planning.plan import Plan
    from doorstep.planning.problem import Problem

Row = dict[str, Any]
ROUTES = list[list[list[int]]]

FAMILIES = {
    "cvrp_x": "cvrp_x",
    "hfvrp_pessoa": "hfvrp",
    "mdvrptw_vidal": "mdvrptw",
    "mtvrptwr_yang": "mtvrptwr",
    "sdvrptw": "sdvrptw",
    "pcvrptw": "pcvrptw",
    "gvrp": "gvrp",
    "pdptw_lilim": "pdptw",
    "cvrp_classic": "cvrp_classic",
    "cvrp_xxl_belgium": "cvrp_xxl",
    "vrptw_solomon_gh": "vrptw",
}
"""Sets of the manifest by the names of their families."""
ON_DEMAND = ("cvrp_classic", "cvrp_xxl", "vrptw_hierarchical")
"""Families that are run only when they are asked for."""
SOLOMON = 100
TOOLS = ("doorstep", *PEERS)
SLACK_S = 240
"""Beyond its time a run may import, compile and build for so long before it is given up."""
TINY = """TINY

VEHICLE
NUMBER CAPACITY
3 10

CUSTOMER
CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME

""" + "\n".join(f"{k} {7 * k % 11} {5 * k % 13} {min(k, 3)} 0 1000 {min(k, 1)}" for k in range(8))


def ours(problem: Problem, seconds: float, seed: int) -> Plan:
    """Return Doorstep's plan."""
    from doorstep.planning.planner import solve
    from doorstep.scenario.scenario import Effort

    return solve(problem, Effort(1_000_000_000, seconds), seed=seed)


def main() -> None:
    """Run every tool on every instance asked for."""
    asked = _asked()
    if asked.one:
        print(json.dumps(_one(asked.one, asked.file, asked.objective, asked.time, asked.seed)))
        return
    rows = []
    for family, entries in _chosen(asked).items():
        for tool in asked.tools:
            row = _family(asked, family, tool, entries)
            rows.append(row)
            print(json.dumps(row), flush=True)
    _show(rows)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--instances", type=Path, help="folder with MANIFEST.csv")
    parser.add_argument("--family", nargs="+", metavar="NAME", help="families or sets; vrptw is all that begin so")
    parser.add_argument("--time", type=float, default=10.0, help="seconds of search, each")
    parser.add_argument("--limit", type=int, help="instances of a family, spread over it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--one", choices=TOOLS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--objective", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one is None and asked.instances is None:
        parser.error("--instances is needed")
    if asked.instances is not None and not (asked.instances / "MANIFEST.csv").is_file():
        parser.error(f"{asked.instances} has no MANIFEST.csv")
    if asked.time <= 0 or asked.seed < 0 or (asked.limit is not None and asked.limit < 1):
        parser.error("--time and --limit must be above 0, --seed 0 or more")
    return asked


def _chosen(asked: argparse.Namespace) -> dict[str, list[Row]]:
    """Return the manifest's entries by family, cut down to those asked for."""
    found: dict[str, list[Row]] = {}
    with (asked.instances / "MANIFEST.csv").open(encoding="utf-8") as file:
        for entry in csv.DictReader(file):
            if entry["set"] in FAMILIES and (asked.instances / entry["instance_file"]).is_file():
                found.setdefault(_family_of(entry), []).append(entry)
    wanted = asked.family or [family for family in found if family not in ON_DEMAND]
    kept = {}
    for family in sorted(found):
        sets = {entry["set"] for entry in found[family]}
        if any(family == name or name in sets or family.startswith(f"{name}_") for name in wanted):
            entries = sorted(found[family], key=lambda entry: entry["instance_file"])
            n = min(asked.limit or len(entries), len(entries))
            kept[family] = [entries[k] for k in np.unique(np.linspace(0, len(entries) - 1, n).round().astype(int))]
    if not kept:
        sys.exit(f"no family is called {' or '.join(wanted)}; there are {', '.join(sorted(found))}")
    return kept


def _family_of(entry: Row) -> str:
    family = FAMILIES[entry["set"]]
    if family != "vrptw":
        return family
    if entry["objective"].startswith("vehicles"):
        return "vrptw_hierarchical"
    customers = int(entry["n_customers"])
    return "vrptw_solomon" if customers == SOLOMON else f"vrptw_gh{customers}"


def _family(asked: argparse.Namespace, family: str, tool: str, entries: list[Row]) -> Row:
    """Return the row of one tool on one family."""
    runs = [_run(asked, tool, entry) for entry in entries]
    able = [run for run in runs if "cannot" not in run]
    row = {"family": family, "tool": tool, "time_s": asked.time, "n": len(able)}
    if len(able) < len(runs):
        row["cannot"] = next(run["cannot"] for run in runs if "cannot" in run)
    good = [run for run in able if run["feasible"]]
    row |= {
        "mean_gap": _mean([run["gap"] for run in good]),
        "best_known_below": sum(run["below"] for run in good),
        "infeasible": len(able) - len(good),
        "optimum_below": sum(run["below"] and run["proven"] for run in good),
        "mean_seconds": _mean([run["seconds"] for run in able if "seconds" in run]),
        "mean_setup_s": _mean([run["setup_s"] for run in able if "setup_s" in run]),
        "mean_build_s": _mean([run["build_s"] for run in able if "build_s" in run]),
        "seed": asked.seed,
    }
    if good and "vehicles_over" in good[0]:
        row["mean_vehicles_over"] = _mean([run["vehicles_over"] for run in good])
        row["mean_gap_equal_vehicles"] = _mean([run["distance_gap"] for run in good if not run["vehicles_over"]])
    return row


def _run(asked: argparse.Namespace, tool: str, entry: Row) -> Row:
    """Return what one tool makes of one instance, in a process of its own, judged by our reader and checker."""
    path = asked.instances / entry["instance_file"]
    vehicles_first = entry["objective"].startswith("vehicles")
    objective = ["--objective", "vehicles then distance"] if vehicles_first else []
    order = [sys.executable, __file__, "--one", tool, "--file", str(path), *objective]
    order += ["--time", str(asked.time), "--seed", str(asked.seed)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            order, capture_output=True, text=True, check=False, env=environment, timeout=asked.time * 1.5 + SLACK_S
        )
        told = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, IndexError, json.JSONDecodeError) as error:
        done, told = None, None
        print(f"{tool} {path.name}: {type(error).__name__}", file=sys.stderr)
    if told is None:
        last = done.stderr.strip().splitlines()[-1:] if done else []
        run: Row = {"feasible": False, "why": "".join(last)[:200] or "no answer"}
    elif "cannot" in told:
        run = told
    else:
        run = _judged(read_instance(path, objective="vehicles then distance" if vehicles_first else None), entry, told)
    shown = (
        run.get("cannot") or run.get("why") or f"cost {run['cost']:.10g}, {run['vehicles']} vehicles, gap {run['gap']}"
    )
    print(f"{tool:9} {entry['instance_file']}: {shown}", file=sys.stderr, flush=True)
    return run


def _judged(instance: Instance, entry: Row, told: Row) -> Row:
    """Return the gap of the routes found, and whether they keep all rules."""
    bill = recompute(instance, plan_of_rows(instance, told["rows"]))
    vehicles, _, known = entry["bks"].rpartition("/")
    best, own = float(known), bill.cost
    run = {"cost": own, "vehicles": bill.vehicles, "feasible": bill.feasible}
    if not bill.feasible:
        broken = sorted({violation.rule for violation in bill.violations})
        run["why"] = f"{bill.missing} not served, rules broken: {', '.join(broken)}"
    if vehicles:
        fewest = int(vehicles.split()[0])
        run |= {"vehicles_over": bill.vehicles - fewest, "distance_gap": round(100 * (own / best - 1), 4)}
        best, own = best + WEIGHT * fewest, score(instance, bill)
    run |= {
        "gap": round(100 * (own / best - 1), 4),
        # Values are given with few decimals, some from lengths rounded to thousandths.
        "below": own < best * (1 - 1e-6) - 1e-4,
        "proven": entry["proven_optimal"] == "1",
    }
    return run | {key: told[key] for key in ("seconds", "setup_s", "build_s") if key in told}


def _one(tool: str, path: Path, objective: str | None, seconds: float, seed: int) -> Row:
    """Return the routes that one tool finds for one instance: options, by position of the vehicle and by trip."""
    if tool != "doorstep":
        instance = read_instance(path, objective=objective)
        return PEERS[tool](instance, path, seconds, seed)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tiny = Path(folder, "tiny.txt")
        tiny.write_text(TINY, encoding="utf-8")
        ours(read_instance(tiny).problem, 0.5, seed)
    setup_s = time.perf_counter() - began
    began = time.perf_counter()
    instance = read_instance(path, objective=objective)
    build_s = time.perf_counter() - began
    began = time.perf_counter()
    plan = ours(instance.problem, seconds, seed)
    told = {"seconds": time.perf_counter() - began, "setup_s": setup_s, "build_s": build_s}
    rows: ROUTES = [[] for positions in instance.vehicles for _ in positions]
    for route in plan.routes:
        trips = [[stop.option for stop in trip.stops] for trip in route.trips]
        rows[instance.vehicles[route.fleet][route.vehicle]] = trips
    return told | {"rows": rows}


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _show(rows: list[Row]) -> None:
    """Print a table on stderr: families down, tools across, gaps in per cent."""
    tools = list(dict.fromkeys(row["tool"] for row in rows))
    print(f"\n{'mean gap, %':22}" + "".join(f"{tool:>18}" for tool in tools), file=sys.stderr)
    for family in dict.fromkeys(row["family"] for row in rows):
        line = f"{family:22}"
        for row in (row for row in rows if row["family"] == family):
            gap = "-" if row["mean_gap"] is None else f"{row['mean_gap']:.3f}"
            bad = f" ({row['infeasible']} bad)" if row["infeasible"] else ""
            line += f"{gap + bad:>18}"
        print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
