"""Reach sheet: isochrones and catchments as a table for people, and as a file of areas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from doorstep.errors import InputError
from doorstep.network.given import given_path

if TYPE_CHECKING:
    import geopandas as gpd
    from rich.table import Table

DRIVERS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG"}
HEADS = {
    "name": "place",
    "minutes": "minutes",
    "streets_km": "streets, km",
    "area_km2": "area, km²",
    "away_m": "away, m",
    "doors": "doors",
    "homes": "homes",
    "homes_nearest": "nearest to, homes",
    "walk_mean_m": "mean walk, m",
}
"""Columns that are shown, with their heads."""
DIGITS = {"streets_km": 1, "area_km2": 2}
"""Behind the decimal point of those that have some."""


def areas_path(out: str) -> Path:
    """Return where areas are to be written; InputError where they cannot be written so or there."""
    path = given_path(out)
    if path.suffix.lower() not in DRIVERS:
        raise InputError.of("--out", f"'{out}' is no name for areas", f"end it in {', '.join(DRIVERS)}", "wrong-suffix")
    if not path.parent.is_dir() or path.is_dir():
        raise InputError.of("--out", f"'{out}' cannot be written", "name a file in a folder that is there", "no-folder")
    return path


def write_areas(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write areas in the form that the end of the name asks for, in place of what was there."""
    import tempfile

    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".doorstep-") as folder:
        made = Path(folder, path.name)
        frame.to_file(made, driver=DRIVERS[path.suffix.lower()])
        made.replace(path)


def reach_table(frame: gpd.GeoDataFrame, title: str, crs: str) -> Table:
    """Return areas as people read them, one row each; square metres are those of a reference system."""
    from rich import box
    from rich.table import Table

    shown = frame.assign(area_km2=frame.to_crs(crs).area / 1e6)
    table = Table(
        title=title, title_justify="left", title_style="", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    columns = [column for column in HEADS if column in shown]
    for column in columns:
        table.add_column(HEADS[column], justify="left" if column == "name" else "right", overflow="fold")
    for row in shown[columns].itertuples(index=False):
        table.add_row(*(_cell(column, value) for column, value in zip(columns, row, strict=True)))
    return table


def _cell(column: str, value: object) -> str:
    """Return a value as it is shown."""
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if number != number:  # noqa: PLR0124 - no homes, no mean walk
        return "-"
    if column == "minutes":
        return f"{number:g}"
    return f"{number:,.{DIGITS.get(column, 0)}f}"
