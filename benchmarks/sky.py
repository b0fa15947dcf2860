"""Sky: how long n x n flights round made-up no-fly zones take, compilation told apart."""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING

import numpy as np
import shapely

from doorstep.network.network import Pace
from doorstep.network.nofly import Zone
from doorstep.network.sky import Sky

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE_M = 20_000.0
"""Of the square that zones and places lie in."""
RADIUS_M = 900.0
MARGIN_M = 50.0
PACE = Pace(15.0)


def draw_zones(count: int, rng: np.random.Generator) -> tuple[Zone, ...]:
    """Return star-shaped zones of 4 to 12 corners, up to 900 m from their middle; some of them overlap."""
    zones = []
    for k in range(count):
        turn = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(4, 13)))
        reach_m = rng.uniform(0.4, 1.0, len(turn)) * RADIUS_M
        spots = rng.uniform(0, SIDE_M, 2) + np.column_stack([np.cos(turn), np.sin(turn)]) * reach_m[:, None]
        zones.append(Zone(f"zone {k + 1}", shapely.make_valid(shapely.Polygon(spots))))
    return tuple(zones)


def fly_all(zones: tuple[Zone, ...], places: tuple[NDArray[np.float64], NDArray[np.float64]]) -> tuple[float, float]:
    """Return CPU seconds for laying out the zones and for the table of flights, and the share of flights there are."""
    begin = time.process_time()
    sky = Sky(zones, MARGIN_M)
    legs = sky.legs(sky.snap(places[0]), sky.snap(places[1]), PACE)
    return time.process_time() - begin, float(np.isfinite(legs.duration_s).mean()) if legs.duration_s.size else 0.0


def main() -> None:
    """Print one row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="origins, and as many destinations")
    parser.add_argument("--zones", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    given = parser.parse_args()
    if given.n < 1 or given.zones < 0 or given.seed < 0:
        parser.error("--n must be 1 or more, --zones and --seed 0 or more")
    rng = np.random.default_rng(given.seed)
    zones = draw_zones(given.zones, rng)
    places = (rng.uniform(0, SIDE_M, (given.n, 2)), rng.uniform(0, SIDE_M, (given.n, 2)))
    # The first call compiles, or loads what was compiled before, and does next to nothing else.
    compile_s, _ = fly_all(draw_zones(2, rng), (places[0][:1], places[1][:1]))
    cpu_s, share = fly_all(zones, places)
    row = {
        "name": "sky",
        "n": given.n,
        "zones": given.zones,
        "cpu_s": round(cpu_s, 4),
        "compile_s": round(compile_s, 4),
    }
    if given.json:
        print(json.dumps({"schema": "doorstep/benchmark/1", "rows": [row]}, indent=2))
        return
    print(f"{given.n:,} x {given.n:,} flights round {given.zones:,} no-fly zones with a margin of {MARGIN_M:g} m")
    print(f"  table       {cpu_s:8.3f} s CPU, zones laid out and {share:.1%} of the flights found")
    print(f"  compilation {compile_s:8.3f} s CPU, before the first table, or loading it from the cache")


if __name__ == "__main__":
    main()
