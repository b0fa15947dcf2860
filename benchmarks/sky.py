"""Sky: how long n x n flights round made-up no-fly zones take, compilation told apart, and whether any enters one."""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from doorstep.network.air.flight import Flight, Terrain
from doorstep.network.air.nofly import Zone, widen
from doorstep.network.air.wind import Wind
from doorstep.network.network import Pace
from doorstep.network.sky import Sky

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Rng = np.random.Generator

SIDE_M = 20_000.0
"""Of the square that zones and places lie in."""
RADIUS_M = 900.0
MARGIN_M = 50.0
PACE = Pace(15.0)
DRAWN = 2000
"""So many flights are drawn and held against the zones."""


def star(k: int, count: int, rng: Rng) -> BaseGeometry:  # noqa: ARG001 - one signature for all
    """Return a star of 4 to 12 corners, up to 900 m from its middle; some overlap."""
    turn = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(4, 13)))
    reach_m = rng.uniform(0.4, 1.0, len(turn)) * RADIUS_M
    spots = rng.uniform(0, SIDE_M, 2) + np.column_stack([np.cos(turn), np.sin(turn)]) * reach_m[:, None]
    return shapely.make_valid(shapely.Polygon(spots))


def circle(k: int, count: int, rng: Rng) -> BaseGeometry:  # noqa: ARG001
    """Return a circle of 64 corners."""
    return shapely.Point(rng.uniform(0, SIDE_M, 2)).buffer(rng.uniform(0.3, 1.0) * RADIUS_M, quad_segs=16)


def comb(k: int, count: int, rng: Rng) -> BaseGeometry:  # noqa: ARG001
    """Return a comb of twelve teeth with gaps wider than both margins, turned any way."""
    teeth = [shapely.box(x, 0, x + 60, 1500) for x in range(0, 12 * 220, 220)]
    whole = shapely.union_all([*teeth, shapely.box(0, -60, 11 * 220 + 60, 0)])
    turned = shapely.affinity.rotate(whole, float(rng.uniform(0, 360)))
    return shapely.affinity.translate(turned, *rng.uniform(0, SIDE_M - 2700, 2))


def tile(k: int, count: int, rng: Rng) -> BaseGeometry:  # noqa: ARG001
    """Return one of the squares of a chessboard, which share corners, or share sides with those of the next row."""
    across = int(np.ceil(np.sqrt(2 * count)))
    size_m = SIDE_M / across
    row, column = divmod(2 * k, across)
    column += row % 2 if row % 3 else 0
    return shapely.box(column * size_m, row * size_m, (column + 1) * size_m, (row + 1) * size_m)


def nest(k: int, count: int, rng: Rng) -> BaseGeometry:
    """Return one of rings within rings, each with a gate somewhere."""
    reach_m = (k + 1) * SIDE_M / 2 / (count + 1)
    middle = shapely.Point(SIDE_M / 2, SIDE_M / 2)
    ring = middle.buffer(reach_m + 10, quad_segs=8).difference(middle.buffer(reach_m - 10, quad_segs=8))
    turn = rng.uniform(0, 2 * np.pi)
    ends = [(SIDE_M / 2, SIDE_M / 2), (SIDE_M / 2 + SIDE_M * np.cos(turn), SIDE_M / 2 + SIDE_M * np.sin(turn))]
    return ring.difference(shapely.LineString(ends).buffer(2 * MARGIN_M))


CASES: dict[str, Callable[[int, int, Rng], BaseGeometry]] = {
    "stars": star,
    "circles": circle,
    "combs": comb,
    "chessboard": tile,
    "nested": nest,
}


def draw_zones(case: str, count: int, rng: Rng) -> tuple[Zone, ...]:
    """Return the zones of a case."""
    return tuple(Zone(f"zone {k + 1}", CASES[case](k, count, rng)) for k in range(count))


def windy_hills(zones: tuple[Zone, ...], rng: Rng) -> Sky:
    """Return a sky with all there is: a grid of winds, terrain, an altitude, climb and descent."""
    wind = Wind(np.zeros(1), rng.uniform(-5, 5, (1, 9, 9, 2)), (0.0, 0.0), (SIDE_M / 8, SIDE_M / 8))
    hills = Terrain(rng.uniform(0, 300, (201, 201)), (0.0, 0.0), (SIDE_M / 200, SIDE_M / 200))
    return Sky(zones, MARGIN_M, Flight(60.0, 4.0, 3.0), wind, hills)


def fly_all(make: Callable[[], Sky], places: tuple[NDArray[np.float64], NDArray[np.float64]]) -> tuple[float, float]:
    """Return CPU seconds for laying out the zones and for the table of flights, and the share of flights there are."""
    begin = time.process_time()
    sky = make()
    legs = sky.legs(sky.snap(places[0]), sky.snap(places[1]), PACE)
    return time.process_time() - begin, float(np.isfinite(legs.duration_s).mean()) if legs.duration_s.size else 0.0


def count_entering(sky: Sky, places: tuple[NDArray[np.float64], NDArray[np.float64]], rng: Rng) -> tuple[int, int]:
    """Return of how many drawn flights the line comes inside a zone or its margin, by shapely's judgement, and of what.

    The outline itself, rounded to a micrometre, may be touched by places that stand on it.
    """
    rows, columns = (rng.integers(0, len(side), DRAWN) for side in places)
    lines = sky.paths(sky.snap(places[0][rows]), sky.snap(places[1][columns]), PACE)
    drawn = np.array([shapely.LineString(line) for line in lines if len(line)], object)
    shut = shapely.union_all([widen(zone, sky.margin_m) for zone in sky.zones]).buffer(-1e-6)
    shapely.prepare(shut)
    return int(shapely.intersects(shut, drawn).sum()), len(drawn)


def measure(case: str, given: argparse.Namespace) -> dict[str, Any]:
    """Return one row."""
    rng = np.random.default_rng(given.seed)
    zones = draw_zones(case, given.zones, rng)
    places = (rng.uniform(0, SIDE_M, (given.n, 2)), rng.uniform(0, SIDE_M, (given.n, 2)))
    sky = windy_hills(zones, rng) if given.windy else Sky(zones, MARGIN_M)

    def again() -> Sky:
        return Sky(zones, MARGIN_M, sky.flight, sky.wind, sky.terrain)

    # The first call compiles, or loads what was compiled before, and does next to nothing else.
    few = draw_zones(case, 2, rng)
    compile_s, _ = fly_all(
        lambda: Sky(few, MARGIN_M, sky.flight, sky.wind, sky.terrain), (places[0][:1], places[1][:1])
    )
    cpu_s, share = fly_all(again, places)
    entering, drawn = count_entering(sky, places, rng) if zones else (0, 0)
    return {
        "name": "sky",
        "case": case,
        "windy": given.windy,
        "n": given.n,
        "zones": given.zones,
        "cpu_s": round(cpu_s, 4),
        "compile_s": round(compile_s, 4),
        "found": round(share, 4),
        "drawn": drawn,
        "entering": entering,
    }


def main() -> None:
    """Print one row a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="origins, and as many destinations")
    parser.add_argument("--zones", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", choices=CASES, help="one kind of zones; all if left out")
    parser.add_argument("--windy", action="store_true", help="on a grid of winds over terrain, with climbs")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    given = parser.parse_args()
    if given.n < 1 or given.zones < 0 or given.seed < 0:
        parser.error("--n must be 1 or more, --zones and --seed 0 or more")
    rows = [measure(case, given) for case in ([given.case] if given.case else CASES)]
    if given.json:
        print(json.dumps({"schema": "doorstep/benchmark/1", "rows": rows}, indent=2))
        return
    told = " in wind over terrain" if given.windy else ""
    print(f"{given.n:,} x {given.n:,} flights round {given.zones:,} no-fly zones, margin {MARGIN_M:g} m{told}")
    for row in rows:
        print(
            f"  {row['case']:<11}{row['cpu_s']:8.3f} s CPU, {row['found']:6.1%} of the flights found, "
            f"{row['entering']} of {row['drawn']} drawn enter a zone; compilation {row['compile_s']:.3f} s"
        )


if __name__ == "__main__":
    main()
