"""Atlas: the command that tells what can be reached from places on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from doorstep.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

    from doorstep.network.network import Network, Pace
    from doorstep.network.placefile import PlaceTable

ON_FOOT = "walk"
MINUTES = "5,10,15"


@click.command(short_help="Tell what can be reached from places.")
@click.argument("file", metavar="FILE")
@click.option("--at", multiple=True, metavar="LON,LAT", help="A place in degrees; may be repeated.")
@click.option("--places", metavar="CSV", help="A table of places: lon, lat, name.")
@click.option("--minutes", metavar="M,M", help=f"Areas within so many minutes.  [default: {MINUTES}]")
@click.option("--mode", default=ON_FOOT, show_default=True, metavar="MODE", help="walk, or one of `doorstep modes`.")
@click.option("--walk", type=float, metavar="METRES", help="Homes within a walk of each place, instead of minutes.")
@click.option("--out", metavar="PATH", help="Write the areas: .geojson or .gpkg.")
def reach(file: str, *, out: str | None, **asked: Any) -> None:
    """Tell what can be reached in some minutes from places on a map, or how many homes lie within a walk of them.

    Without --at and --places from the parcel lockers of the map.
    """
    from doorstep.network.extract import read_extract
    from doorstep.report.reachsheet import areas_path, reach_table, write_areas
    from doorstep.report.terminal import plain_terminal

    path = areas_path(out) if out else None
    places = _places(asked["at"], asked["places"])
    if asked["walk"] is not None and (asked["minutes"] is not None or asked["mode"] != ON_FOOT):
        raise InputError.of("--walk", "stands for metres on foot", "leave out --minutes and --mode, or --walk", "both")
    medium, pace = _moving(asked["mode"])
    minutes = _numbers("--minutes", asked["minutes"] or MINUTES)
    network = read_extract(file)
    frame = _frame(network, places or _lockers(network), asked["walk"], minutes, (medium, pace))
    plain_terminal().print(reach_table(frame, _pace_words(asked["mode"], medium, pace), network.crs))
    if path:
        write_areas(frame, path)
        click.echo(f"{path} written", err=True)


def _frame(
    network: Network, places: PlaceTable, walk_m: float | None, minutes: list[float], moving: tuple[str, Pace]
) -> gpd.GeoDataFrame:
    """Return the areas, with the names of their places."""
    from doorstep.network.catchment import catchments, isochrones

    if walk_m is not None:
        frame = catchments(network, places.lon_lat, walk_m=walk_m)
        frame.insert(0, "name", list(places.names))
        return frame
    frame = isochrones(network, places.lon_lat, minutes, medium=moving[0], pace=moving[1])
    frame.insert(0, "name", [places.names[place] for place in frame["place"]])
    return frame


def _places(at: tuple[str, ...], table: str | None) -> PlaceTable | None:
    """Return the places that are asked for, if any are."""
    import numpy as np

    from doorstep.network.placefile import PlaceTable, read_places

    pairs = [_numbers("--at", text) for text in at]
    for text, pair in zip(at, pairs, strict=True):
        if len(pair) != len(("lon", "lat")):
            raise InputError.of(
                "--at", f"'{text}' is no place", "write longitude and latitude, as 24.94,60.17", "bad-place"
            )
    found = read_places(table) if table is not None else None
    names, rows = (found.names, found.lon_lat) if found else ((), np.empty((0, 2)))
    if not at and found is None:
        return None
    given = np.array(pairs, float).reshape(-1, 2)
    return PlaceTable((*(text.replace(" ", "") for text in at), *names), np.concatenate([given, rows]))


def _lockers(network: Network) -> PlaceTable:
    """Return the parcel lockers of a map."""
    from doorstep.network.placefile import PlaceTable

    if not len(network.lockers_m):
        fix = "give places by --at LON,LAT or --places CSV"
        raise InputError.of("places", "the map has no parcel lockers to start from", fix, "no-places")
    lon_lat = network.unproject(network.lockers_m)
    return PlaceTable(tuple(f"locker at {lon:.5f},{lat:.5f}" for lon, lat in lon_lat.tolist()), lon_lat)


def _moving(mode: str) -> tuple[str, Pace]:
    """Return on which layer and how fast a mode moves."""
    from doorstep.modes.catalog import load_mode, mode_names
    from doorstep.network.catchment import WALK_MPS
    from doorstep.network.network import Medium, Pace

    if mode == ON_FOOT:
        return Medium.FOOT, Pace(WALK_MPS)
    known = {name: load_mode(name) for name in mode_names()}
    ground = [ON_FOOT, *(name for name, one in known.items() if one.medium != Medium.AIR)]
    if mode not in ground:
        what = f"'{mode}' keeps to no streets" if mode in known else f"no mode is called '{mode}'"
        raise InputError.of("--mode", what, f"one of: {', '.join(ground)}", "unknown-mode")
    return known[mode].medium, Pace(known[mode].max_speed_mps)


def _pace_words(mode: str, medium: str, pace: Pace) -> str:
    """Return how fast a mode moves."""
    from doorstep.network.ways import TRAFFIC

    free = ", on streets at free flow" if medium in TRAFFIC else ""
    return f"{mode} at up to {3.6 * pace.max_speed_mps:.3g} km/h{free}"


def _numbers(option: str, text: str) -> list[float]:
    """Return numbers between commas."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise InputError.of(
            option, f"'{text}' are no numbers", "write numbers between commas", "not-a-number"
        ) from None
