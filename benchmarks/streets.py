"""Streets against their peers, in one run: reading an extract, preparing and re-weighting it, and tables over it.

    python benchmarks/streets.py EXTRACT [--seed 1] [--sizes 200 1000 3000] [--json]

Rows go to stdout, one JSON object a line, and the same in words, with all that is measured besides, to stderr; `--json`
prints one document of both in their stead. Rows of tools that are not installed are not there, and the words say why.
Every tool gets the same graph, that of the extract's road layer, and one thread. CPU seconds; compilation and imports
are not in them, since they come once. Errors are against scipy's Dijkstra on at most 100 rows, times and lengths along
the fastest way. Shortest times between 200 random pairs are compared with those of osmnx (`agreement.py`). What each
reader is given is told in `readers.py`. `hour_cpu_s` is re-weighting for one hour of a traffic profile, from its
factors on.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from osrm_peer import disagreement, osrm_engine
from readers import measure_readers, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.network.graph.edges import Edges

ROWS_CHECKED = 100
NAMES = frozenset(("reader", "table", "prepare", "reweight"))
TOOLS = frozenset(("doorstep", "osmnx", "scipy", "routingkit-cch", "osrm"))
KEYS = ("name", "tool", "n", "cpu_s", "peak_mb", "max_error_s")
"""What every row tells, null where it does not apply."""
MORE = {
    "hour_cpu_s": "for one hour of traffic {:.4f}",
    "convert_cpu_s": "of which {:.3f} to convert it",
    "filter_cpu_s": "besides {:.3f} to take the streets out",
    "median_error_s": "half of the errors are below {:.2f}",
    "pairs_of_one": "{} pairs that only one of both reaches",
    "references_dropped": "of a copy without {} references to nodes that are not in the file",
}
"""What some rows tell besides, in words."""
Row = dict[str, Any]
Table = tuple[np.ndarray, np.ndarray | None]


def main() -> None:
    """Run all and print the rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("extract", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 1000, 3000])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = measure_readers(asked.extract)
    rows.append(_agreement(asked.extract, asked.seed))
    rows += _tables(asked.extract, asked.sizes, asked.seed)
    if asked.json:
        document = {"schema": "doorstep/benchmark/1", "rows": plain_rows(rows), "besides": further(rows)}
        print(json.dumps(document))
        return
    for row in plain_rows(rows):
        print(json.dumps(row))
    sys.stdout.flush()
    _show(rows)


def plain_rows(rows: list[Row]) -> list[Row]:
    """Return the rows of the tools that are compared, with the same keys in each."""
    return [{key: row.get(key) for key in KEYS} for row in rows if _is_plain(row)]


def further(rows: list[Row]) -> list[Row]:
    """Return what is measured or said besides: whole rows, and what some rows tell more than their keys."""
    more = [{key: value for key, value in row.items() if not _is_plain(row) or key not in KEYS[3:]} for row in rows]
    return [row for row in more if row.keys() - {"name", "tool", "n"}]


def _is_plain(row: Row) -> bool:
    """Tell whether a row is one of those that are compared."""
    return row["name"] in NAMES and row["tool"] in TOOLS and "cpu_s" in row


def _agreement(extract: Path, seed: int) -> Row:
    """Return the row of shortest times compared with osmnx."""
    from agreement import compare_times

    try:
        return compare_times(extract, seed)
    except ImportError as error:
        return {"name": "agreement", "tool": "osmnx", "left_out": str(error)}


def _tables(extract: Path, sizes: list[int], seed: int) -> list[Row]:
    """Return the rows of preparation, re-weighting and tables of every engine that is installed."""
    from doorstep.network.extract import read_extract
    from doorstep.network.graph.hierarchy import customize, prepare
    from doorstep.network.network import Medium, Pace
    from doorstep.network.traffic import load_traffic

    network = read_extract(extract)
    streets: Any = network.layers[Medium.ROAD]
    edges: Edges = streets.edges
    tail, xy_m = np.repeat(np.arange(edges.nodes), np.diff(edges.arc_begin)), edges.junction_xy_m()
    arcs = tail, edges.arc_head, edges.arc_s(edges.clock_s(Pace(99.0))), edges.length_m[edges.arc >> 1]
    few = np.array([0, 1]), np.array([1, 0]), np.array([[0.0, 0.0], [1.0, 0.0]])
    customize(prepare(*few), np.ones(2), np.ones(2))
    n, lon_lat = edges.nodes, network.unproject(xy_m)
    prepare_s, shape = timed(lambda: prepare(tail, arcs[1], xy_m), 1)
    reweight_s, weights = timed(lambda: customize(shape, arcs[2], arcs[3]))
    rush = load_traffic("european-city").pace(99.0, 8 * 3600.0)
    hour_s, _ = timed(lambda: customize(shape, edges.arc_s(edges.clock_s(rush)), arcs[3]))
    rows: list[Row] = [
        {"name": "prepare", "tool": "doorstep", "n": n, "cpu_s": prepare_s},
        {"name": "reweight", "tool": "doorstep", "n": n, "cpu_s": reweight_s, "hour_cpu_s": hour_s},
    ]
    engines: dict[str, Callable[[np.ndarray], Table]] = {"doorstep": _ours(shape, weights)}
    peer = _routingkit(n, arcs, xy_m)
    if isinstance(peer, str):
        rows.append({"name": "table", "tool": "routingkit-cch", "left_out": peer})
    else:
        engines["routingkit-cch"] = peer[0]
        rows += [{"name": name, "tool": "routingkit-cch", "n": n, "cpu_s": s} for name, s in peer[1].items()]
    osrm = osrm_engine(arcs, lon_lat)
    if isinstance(osrm, str):
        rows.append({"name": "table", "tool": "osrm", "left_out": osrm})
    else:
        engines["osrm"] = osrm[0]
        rows += [{"name": name, "tool": "osrm", "n": n, "cpu_s": s} for name, s in osrm[1].items()]
    rng = np.random.default_rng(seed)
    for size in sizes:
        places = rng.choice(n, size, replace=size > n)
        scipy_s, (true_s, true_m) = timed(lambda places=places: _by_scipy(n, arcs, places), 1)
        rows.append({"name": "table", "tool": "scipy", "n": size, "cpu_s": scipy_s, "max_error_s": 0.0})
        for tool, engine in engines.items():
            engine(places[:2])
            cpu_s, (got_s, got_m) = timed(lambda engine=engine, places=places: engine(places))
            row = {"name": "table", "tool": tool, "n": size, "cpu_s": cpu_s, "max_error_s": _gap(got_s, true_s)}
            row |= disagreement(got_s[:ROWS_CHECKED], true_s[:ROWS_CHECKED]) if tool == "osrm" else {}
            rows.append(row | ({"max_error_m": _gap(got_m, true_m)} if got_m is not None else {}))
    return rows


def _ours(shape: Any, weights: Any) -> Callable[[np.ndarray], Table]:
    from doorstep.network.graph.sweep import sweep_legs

    def table(places: np.ndarray) -> Table:
        nothing = np.zeros((len(places), 1))
        ends = places[:, None], nothing, nothing
        return sweep_legs(shape, weights, ends, ends)

    return table


def _routingkit(
    n: int, arcs: tuple[np.ndarray, ...], xy_m: np.ndarray
) -> tuple[Callable[[np.ndarray], Table], dict[str, float]] | str:
    """Return its table of times in milliseconds, its fastest way of asking, and what preparing took; or why not."""
    try:
        import routingkit_cch as kit
    except ImportError as error:
        return str(error)
    tail, head = arcs[0].tolist(), arcs[1].tolist()
    ticks = np.rint(arcs[2] * 1000).astype(int).tolist()
    x, y = xy_m[:, 0].tolist(), xy_m[:, 1].tolist()
    prepare_s, cch = timed(lambda: kit.CCH(kit.compute_order_inertial(n, tail, head, y, x), tail, head, False), 1)
    reweight_s, metric = timed(lambda: kit.CCHMetric(cch, ticks))
    none = 2**31 - 1

    def table(places: np.ndarray) -> Table:
        targets = places.tolist()
        asked = kit.CCHOneToMany(metric, targets)
        found = [asked.distances_from(origin) for origin in targets]
        ms = np.array([[none if d is None else d for d in row] for row in found], float)
        return np.where(ms >= none, np.inf, ms / 1000), None

    return table, {"prepare": prepare_s, "reweight": reweight_s}


def _by_scipy(n: int, arcs: tuple[np.ndarray, ...], places: np.ndarray) -> Table:
    """Return times from all places, and of the first rows the lengths along the fastest ways."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    tail, head, seconds, metres = arcs
    order = np.lexsort((metres, seconds, head, tail))
    keys = tail[order] * n + head[order]
    only = order[np.concatenate([[True], keys[1:] != keys[:-1]])]
    times = csr_array((seconds[only], (tail[only], head[only])), shape=(n, n))
    found_s, before = dijkstra(times, indices=places, return_predecessors=True)
    lengths = dict(zip((tail[only] * n + head[only]).tolist(), metres[only].tolist(), strict=True))
    rows = min(len(places), ROWS_CHECKED)
    found_m = np.full((rows, len(places)), np.inf)
    for i in range(rows):
        length = {int(places[i]): 0.0}
        for j, place in enumerate(places.tolist()):
            way = [place]
            while way[-1] not in length and way[-1] >= 0:
                way.append(int(before[i, way[-1]]))
            for node, onward in zip(way[-2::-1], way[:0:-1], strict=True):
                length[node] = length.get(onward, np.inf) + lengths.get(onward * n + node, np.inf)
            found_m[i, j] = length.get(place, np.inf)
    return found_s[:, places], found_m


def _gap(got: np.ndarray, true: np.ndarray) -> float:
    """Return the largest difference on the rows that are checked."""
    rows = min(len(true), ROWS_CHECKED)
    both = np.isfinite(got[:rows]) | np.isfinite(true[:rows])
    return float(np.abs(got[:rows][both] - true[:rows][both]).max(initial=0.0))


def _show(rows: list[Row]) -> None:
    """Tell all rows on stderr, with the ratio to Doorstep of every figure."""
    say = partial(print, file=sys.stderr)
    ours = {
        (row["name"], row.get("n") if row["name"] == "table" else 0): row for row in rows if row["tool"] == "doorstep"
    }
    say(f"{'':10}{'tool':22}{'n':>8}{'CPU s':>9}{'x ours':>8}{'peak MB':>9}{'error s':>10}{'error m':>10}")
    for row in rows:
        if "left_out" in row:
            say(f"{row['name']:10}{row['tool']:22}left out: {row['left_out']}")
            continue
        if row["name"] == "agreement":
            told = [f"{row['agree']} pairs within 1 %", f"the largest gap among them {row['largest_gap']:.2%}"]
            told += [f"{count} {rule}" for rule, count in row["explained"].items()]
            say(f"{'agreement':10}{row['tool']:22}{row['n']:8}  {'; '.join(told)}; {row['unexplained']} unexplained")
            continue
        base = ours[row["name"], row["n"] if row["name"] == "table" else 0]["cpu_s"]
        peak = f"{row['peak_mb']:9.0f}" if "peak_mb" in row else " " * 9
        errors = "".join(f"{row[key]:10.4f}" if key in row else " " * 10 for key in ("max_error_s", "max_error_m"))
        more = [words.format(row[key]) for key, words in MORE.items() if key in row]
        ratio = f"{row['cpu_s'] / base:8.2f}" if row["cpu_s"] < base else f"{row['cpu_s'] / base:8.1f}"
        line = f"{row['name']:10}{row['tool']:22}{row['n']:8}{row['cpu_s']:9.4f}{ratio}{peak}{errors}"
        say(f"{line.rstrip()}   {'; '.join(more)}".rstrip())


if __name__ == "__main__":
    main()
