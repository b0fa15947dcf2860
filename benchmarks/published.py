"""Plans for published sets with known values: vans with drones, drones beside a van, lockers, charging on the way.

    python benchmarks/published.py --instances DIR [--set NAME ...] [--limit K] [--largest N] [--seed 1]
    python benchmarks/published.py --set orderings

DIR has a MANIFEST.csv with the columns set, problem, instance_file, solution_file, n_customers, bks, proven_optimal;
where that does not list the TSP-D set, it is found in DIR/tspd_agatz by its files of solutions.
The set `locker_sizes` needs no file: banks of compartments lived through, beside Erlang's formula. Nor does
`orderings`, for which DIR may be left out: what four papers find of drones beside vans, in shipped scenarios; its rows
have both sides of each comparison, whether it `holds`, and where it turns round (see `orderings.py`).
Every plan of a van with drones is judged by a checker that knows no planner. Rows are JSON lines on stdout, one for
each set and problem; every instance is told on stderr.

In a row, `n` is how many values were compared, `optimal` how many of them were met (or beaten, where nobody proved
them), `mean_gap` the mean excess in per cent, `below_optimum` how many proven optima were undercut, `broken` how many
plans break a rule, `mean_seconds` the time on the processor. Times of compilation are not among them: a small problem
of each kind is planned first.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from orderings import rows as ordering_rows
from published_sets import LARGEST, SETS, size_entries, tspd_entries

from doorstep.errors import DoorstepError
from doorstep.planning.tandem.problem import TandemProblem
from doorstep.planning.tandem.search import solve_tandem

if TYPE_CHECKING:
    from published_sets import Result

    Row = dict[str, Any]

ORDERINGS = "orderings"
COLUMNS = {"set", "problem", "instance_file", "solution_file", "n_customers", "bks", "proven_optimal"}


def main() -> int:
    """Print a row for each set and problem; return 2 where the input is at fault."""
    asked = _asked()
    try:
        entries = _entries(asked) if set(asked.set) - {ORDERINGS} else {}
        if entries:
            _warm_up()
        for name, chosen in entries.items():
            results: dict[str, list[Result]] = {}
            for entry in chosen:
                for result in SETS[name](asked.instances, entry, asked.seed):
                    results.setdefault(result.problem, []).append(result)
                    _tell(result)
            for problem, found in results.items():
                print(json.dumps(_row(name, problem, found)), flush=True)
        for row in ordering_rows() if ORDERINGS in asked.set else ():
            print(json.dumps(row), flush=True)
    except (DoorstepError, OSError, ValueError) as error:
        print(f"published.py: {error}", file=sys.stderr)
        return 2
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--instances", type=Path, help="folder with MANIFEST.csv")
    names = [*SETS, ORDERINGS]
    parser.add_argument("--set", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--limit", type=int, help="instances of a set, spread over it")
    parser.add_argument("--largest", type=int, help="customers of an instance, at the most")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.instances is None and set(asked.set) != {ORDERINGS}:
        parser.error("--instances DIR is needed for all sets but orderings")
    if asked.instances is not None and not (asked.instances / "MANIFEST.csv").is_file():
        parser.error(f"{asked.instances} has no MANIFEST.csv")
    if asked.seed < 0 or min(asked.limit or 1, asked.largest or 1) < 1:
        parser.error("--limit and --largest must be above 0, --seed 0 or more")
    return asked


def _entries(asked: argparse.Namespace) -> dict[str, list[Row]]:
    """Return the manifest's entries by set, cut down to those asked for and there."""
    found: dict[str, list[Row]] = {}
    with (asked.instances / "MANIFEST.csv").open(encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = COLUMNS - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"MANIFEST.csv has no column {', '.join(sorted(missing))}")
        listed = list(reader)
        if not any(entry["set"] == "tspd_agatz" for entry in listed):
            listed += tspd_entries(asked.instances)
        listed += size_entries()
        for entry in listed:
            most = asked.largest or LARGEST.get(entry["set"], sys.maxsize)
            there = (asked.instances / entry["instance_file"]).exists()
            if entry["set"] in asked.set and there and int(entry["n_customers"] or 0) <= most:
                found.setdefault(entry["set"], []).append(entry)
    if not found:
        raise ValueError(f"MANIFEST.csv names no instance of {', '.join(asked.set)} that is there")
    for name, entries in found.items():
        count = min(asked.limit or len(entries), len(entries))
        found[name] = [entries[k] for k in np.unique(np.linspace(0, len(entries) - 1, count).round().astype(int))]
    return found


def _warm_up() -> None:
    """Compile what is needed."""
    legs = np.array([[0.0, 3, 4], [3, 0, 5], [4, 5, 0]])
    for options in ({"drones": 1}, {"drones": 2}, {"drones": 0, "beside": 1, "beside_s": 5.0}):
        solve_tandem(TandemProblem.of(legs, **options), steps=100)  # type: ignore[arg-type]


def _row(name: str, problem: str, results: list[Result]) -> Row:
    """Return what a set comes to."""
    gaps = [100 * (result.value / result.known - 1) for result in results]
    row = {
        "set": name,
        "problem": problem,
        "n": len(results),
        "optimal": sum(result.value <= result.known + result.slack for result in results),
        "mean_gap": round(float(np.mean(gaps)), 4) + 0.0,
        "worst_gap": round(float(np.max(gaps)), 4) + 0.0,
        "below_optimum": sum(result.proven and result.value < result.known - result.slack for result in results),
        "broken": sum(bool(result.faults) for result in results),
        "mean_seconds": round(float(np.mean([result.seconds for result in results])), 3),
    }
    more: dict[str, list[float]] = {}
    for result in results:
        for key, value in result.more:
            more.setdefault(key, []).append(value)
    for key, values in more.items():
        counted = key.endswith("_count")
        row[key.removesuffix("_count")] = int(sum(values)) if counted else round(float(np.mean(values)), 4)
    return row


def _tell(result: Result) -> None:
    split = "".join(f", {key} {value:.6g}" for key, value in result.more if not key.endswith("_count"))
    gap = 100 * (result.value / result.known - 1)
    print(
        f"{result.problem:24} {result.name}: {result.value:.10g}, known {result.known:.10g}, gap {gap:.4f}{split}"
        + "".join(f"\n    {fault}" for fault in result.faults),
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
