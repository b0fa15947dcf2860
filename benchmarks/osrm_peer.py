"""OSRM given the very graph of Doorstep: junctions, arcs and times, as an extract and a table of speeds of its own.

It knows places by longitude and latitude, and would take one street of several that leave a junction: so each junction
gets a dead end of its own, a second long, at whose end it is asked for. It keeps times in tenths of a second for each
arc, which is what its usual errors come from. It turns round at dead ends only, which costs it more where a forbidden
turn makes turning round the fastest way, and takes places that cannot be reached, or left, to others nearby, so that
errors are those of pairs which both sides reach. `osrm-bindings` has wheels for CPython 3.12 and later only.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

EARTH_M = 6_372_797.560_856
"""Radius by which OSRM measures (`util/coordinate_calculation.hpp`)."""
STUB_M, STUB_S = 3.0, 1.0
"""Length of the dead ends, and their time, which is taken off again."""
GOLDEN = 2.399_963
"""Angle by which the dead ends of neighbours are turned, so that none lies on another."""
PROFILE = """
api_version = 4
function setup()
  return {properties = {weight_name = 'duration', u_turn_penalty = 0, traffic_signal_penalty = 0,
    max_speed_for_map_matching = 180 / 3.6, continue_straight_at_waypoint = false, use_turn_restrictions = false}}
end
function process_node() end
function process_way(_, way, result)
  result.forward_mode = mode.driving
  result.backward_mode = way:get_value_by_key('oneway') and mode.inaccessible or mode.driving
  result.forward_speed, result.backward_speed = 36, 36
end
function process_turn(_, turn) turn.duration = 0 turn.weight = 0 end
return {setup = setup, process_node = process_node, process_way = process_way, process_turn = process_turn}
"""
Table = tuple[np.ndarray, np.ndarray | None]


def osrm_engine(
    arcs: tuple[np.ndarray, ...], lon_lat: np.ndarray
) -> tuple[Callable[[np.ndarray], Table], dict[str, float]] | str:
    """Return its table of times, and what preparing took; or why not."""
    try:
        import osrm
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"{error}: osrm-bindings has wheels for CPython 3.12 and later, this is {version}"
    folder = Path(tempfile.mkdtemp())
    ends = _stub_ends(lon_lat)
    _write_graph(folder, arcs, lon_lat, ends)
    begun = _children_s()
    _run(folder, "extract", "--threads", "1", "-p", "plain.lua", "graph.osm")
    _run(folder, "contract", "--threads", "1", "--segment-speed-file", "speeds.csv", "graph.osrm")
    prepare_s = _children_s() - begun
    engine: Any = osrm.OSRM(storage_config=str(folder / "graph.osrm"), algorithm="CH", use_shared_memory=False)

    def table(places: np.ndarray) -> Table:
        found = engine.Table(osrm.TableParameters(coordinates=[tuple(place) for place in ends[places].tolist()]))
        seconds = np.array([list(row) for row in found["durations"]], float)
        return np.where(places[:, None] == places, 0.0, seconds - 2 * STUB_S), None

    return table, {"prepare": prepare_s}


def disagreement(got_s: np.ndarray, true_s: np.ndarray) -> dict[str, float]:
    """Return the largest and the middle error on pairs that both reach, and how many only one of them does."""
    both = np.isfinite(got_s) & np.isfinite(true_s)
    gap_s = np.abs(got_s[both] - true_s[both])
    alone = int((np.isfinite(got_s) != np.isfinite(true_s)).sum())
    return {"max_error_s": float(gap_s.max()), "median_error_s": float(np.median(gap_s)), "pairs_of_one": alone}


def _stub_ends(lon_lat: np.ndarray) -> np.ndarray:
    """Return where the dead ends of junctions end [n, 2]."""
    angle = GOLDEN * np.arange(len(lon_lat))
    up = np.degrees(STUB_M / EARTH_M)
    across = np.cos(angle) / np.cos(np.radians(lon_lat[:, 1]))
    return np.round(lon_lat + up * np.column_stack([across, np.sin(angle)]), 7)


def _write_graph(folder: Path, arcs: tuple[np.ndarray, ...], lon_lat: np.ndarray, stub_ends: np.ndarray) -> None:
    """Write arcs as streets, two that run to and fro as one, and the speed of each direction."""
    count = len(lon_lat)
    lon_lat = np.concatenate([lon_lat, stub_ends])
    best: dict[tuple[int, int], float] = {
        pair: STUB_S for k in range(count) for pair in ((k, k + count), (k + count, k))
    }
    for tail, head, seconds in zip(*(column.tolist() for column in arcs[:3]), strict=True):
        if tail != head:
            best[tail, head] = min(seconds, best.get((tail, head), np.inf))
    ends = np.array(list(best), np.int64).reshape(-1, 2)
    straight_m = _haversine_m(lon_lat[ends[:, 0]], lon_lat[ends[:, 1]])
    speeds = straight_m * 3.6 / np.maximum(np.array(list(best.values())), 1e-3)
    lines = [f"{a + 1},{b + 1},{max(speed, 1e-3):.6f}" for (a, b), speed in zip(best, speeds.tolist(), strict=True)]
    (folder / "speeds.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / "plain.lua").write_text(PROFILE, encoding="utf-8")
    nodes = [
        f'<node id="{k + 1}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>' for k, (lon, lat) in enumerate(lon_lat)
    ]
    ways = []
    for a, b in best:
        if (b, a) not in best or a < b:
            oneway = "" if (b, a) in best else '<tag k="oneway" v="yes"/>'
            refs = f'<nd ref="{a + 1}"/><nd ref="{b + 1}"/><tag k="highway" v="road"/>{oneway}'
            ways.append(f'<way id="{len(ways) + 1}" version="1">{refs}</way>')
    text = "\n".join(['<osm version="0.6">', *nodes, *ways, "</osm>"])
    (folder / "graph.osm").write_text(text, encoding="utf-8")


def _haversine_m(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return distances [n] on OSRM's sphere between [n, 2] degrees."""
    (lon, lat), (to_lon, to_lat) = np.radians(one).T, np.radians(other).T
    half = np.sin((to_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.sqrt(half)))


def _run(folder: Path, *words: str) -> None:
    """Run one of its programs."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "osrm", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip() or done.stdout.strip())


def _children_s() -> float:
    """Return the CPU seconds of all programs that were run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
