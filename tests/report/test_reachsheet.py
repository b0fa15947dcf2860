"""Tests of what can be reached, as people read it."""

from __future__ import annotations

import geopandas as gpd
from rich.console import Console
from shapely import box

from doorstep.report.reachsheet import reach_table


def told(frame: gpd.GeoDataFrame, crs: str, width: int = 80) -> str:
    """Return the lines of a table."""
    console = Console(width=width, file=None, force_terminal=False)
    with console.capture() as shown:
        console.print(reach_table(frame, "walk", crs))
    return shown.get()


def frame_of(name: str, lat: float) -> gpd.GeoDataFrame:
    """Return one area with a name, a thousandth of a degree wide and high."""
    columns = {"name": [name], "minutes": [5.0], "streets_km": [0.8124], "away_m": [3.2]}
    return gpd.GeoDataFrame(columns, geometry=[box(20, lat, 20.001, lat + 0.001)], crs="EPSG:4326")


def test_areas_near_a_pole() -> None:
    """Areas are those of the map's own reference system, so that there are some where no other zone reaches."""
    assert "0.8" in told(frame_of("base", -89.9), "EPSG:32734")
    assert "0.01" in told(frame_of("town", 10.0), "EPSG:32634")


def test_long_names_are_not_cut() -> None:
    """A name too long for its column goes on below."""
    name = "179.99800000000005,-17.798000000000002"
    shown = told(frame_of(name, 10.0), "EPSG:32634", 60)
    assert "…" not in shown
    first = "".join(line.split()[0] for line in shown.splitlines() if line.split() and line.split()[0][0].isdigit())
    assert first == name
