"""Place: a named place, a bounding box or a user's own osmnx graph made a Network; only this file imports osmnx."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import PlaceError
from doorstep.network.assemble import LICENCE, Sheet, assemble_network, bounds_m, box_outline, utm_crs
from doorstep.network.given import given_path
from doorstep.network.houses import Houses
from doorstep.network.network import KnownRoadside
from doorstep.network.osmgraph import draw_features, draw_streets, find_kerbs
from doorstep.network.rulebook import USUAL
from doorstep.network.survey import chart_doors, chart_streets
from doorstep.network.usergraph import draw_user_graph, follow_graph
from doorstep.network.ways import Survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.network import Network
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.ways import StreetTable

Box = tuple[float, float, float, float]

EARTH_RADIUS_KM = 6371.0
LARGEST_KM2 = 25_000.0
"""A day's round needs no more; of a larger area, a small country, Overpass would send gigabytes, or refuse."""

OVERPASS_VARIABLE = "DOORSTEP_OVERPASS_URL"
NOMINATIM_VARIABLE = "DOORSTEP_NOMINATIM_URL"
NEEDS_NETWORK = "the first use of a place needs the network; later ones read the cache. Or name an extract on disk"
FEATURES: dict[str, bool | str | list[str]] = {
    "building": True,
    "addr:housenumber": True,
    "amenity": ["parcel_locker", "vending_machine"],
}


def read_place(name: str, cache: str | Path, rules: RuleBook = USUAL) -> Network:
    """Return the network of a named place, found by Nominatim and drawn by Overpass.

    Answers are kept in the folder `cache`, so that the second call asks nobody. Other servers can be named by the
    environment variables DOORSTEP_NOMINATIM_URL and DOORSTEP_OVERPASS_URL.

    Raises PlaceError if the place is unknown or no area, if it has no streets, or if a server cannot be reached.
    """
    import osmnx

    shelf = _shelf(cache, name)
    with _borrowed_osmnx(shelf):
        try:
            found = osmnx.geocode_to_gdf(name)
        except TypeError as error:
            fix = "name a town or district, or give a bounding box"
            raise PlaceError.of(name, "is a point on the map, not an area", fix, "no-area") from error
        except OSError as error:
            raise _unreached(name, error) from error
        except ValueError as error:
            fix = "spell it as openstreetmap.org does, country included, or give a bounding box"
            raise PlaceError.of(name, "no such place is known", fix, "unknown-place") from error
        area = found.geometry.iloc[0]
        _check_size(name, area)
        return _network(name, area, shelf, rules)


def read_bbox(bbox_lon_lat: Box, cache: str | Path, rules: RuleBook = USUAL) -> Network:
    """Return the network within west, south, east, north in degrees, drawn by Overpass; see `read_place`."""
    import shapely

    name = "bounding box [{:g}, {:g}, {:g}, {:g}]".format(*bbox_lon_lat)
    _check_box(name, bbox_lon_lat)
    area = shapely.box(*bbox_lon_lat)
    _check_size(name, area)
    shelf = _shelf(cache, name)
    with _borrowed_osmnx(shelf):
        return _network(name, area, shelf, rules)


def read_graphml(path: str | Path, rules: RuleBook = USUAL) -> Network:
    """Return the network of a graph that a user saved with osmnx, of any network type, simplified or not.

    Vans and cycles follow the graph's own directions; a speed that osmnx added (`speed_kph`) is taken as it is. Such a
    graph has no buildings, so that its street corners stand for doors.

    Raises PlaceError if there is no such file, or if it is no street graph.
    """
    import networkx as nx
    import osmnx

    path = given_path(path)
    if not path.is_file():
        raise PlaceError.of(str(path), "there is no such file", "check the path", "no-file")
    try:
        graph = osmnx.load_graphml(path)
        survey, presence, speed_mps, crs, extra = draw_user_graph(graph)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        SyntaxError,
        OSError,
        nx.NetworkXError,
        RuntimeError,
    ) as error:
        fix = "save the graph by osmnx.save_graphml"
        what = f"is no street graph of osmnx ({type(error).__name__}: {error})"
        raise PlaceError.of(str(path), what, fix, "not-graphml") from error
    houses = Houses(*draw_features(None, crs))
    table, notes = chart_streets(survey, houses, rules)
    table = follow_graph(table, presence, speed_mps)
    origin = f"{path.name}, a graph by osmnx, of unknown date, {LICENCE}"
    sheet = Sheet(crs, bounds_m(survey.xy_m), origin)
    return _assembled(sheet, table, houses, (*extra, *notes, *_no_ferries(rules)))


def _network(name: str, area: Any, shelf: Path, rules: RuleBook) -> Network:
    """Return the network of an area, a polygon in degrees."""
    import osmnx
    from pyproj import Transformer

    try:
        graph = osmnx.graph_from_polygon(
            area,
            simplify=False,
            retain_all=True,
            truncate_by_edge=True,
            custom_filter='["highway"]',
        )
    except OSError as error:
        raise _unreached(name, error) from error
    except ValueError as error:
        raise PlaceError.of(
            name, f"no streets are to be had there ({error})", "take a larger area", "no-streets"
        ) from error
    try:
        features = osmnx.features_from_polygon(area, FEATURES)
    except OSError as error:
        raise _unreached(name, error) from error
    except ValueError:
        features = None  # osmnx says so of places without a single building; the doors' notes will tell.
    box: Box = area.bounds
    crs = utm_crs((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def project(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(turn.transform(degrees[:, 0], degrees[:, 1]))

    streets = draw_streets(graph, project)
    survey, houses = Survey(*streets, kerbs=find_kerbs(graph, rules)), Houses(*draw_features(features, crs))
    table, notes = chart_streets(survey, houses, rules)
    sheet = Sheet(crs, bounds_m(project(box_outline(box))), f"{name}, {_date(shelf)}, {LICENCE}")
    return _assembled(sheet, table, houses, (*notes, *_no_ferries(rules)))


def _assembled(sheet: Sheet, table: StreetTable, houses: Houses, notes: tuple[str, ...]) -> Network:
    """Return the network of a map whose streets are charted."""
    doors, door_notes = chart_doors(houses, table)
    return assemble_network(sheet, table, KnownRoadside(doors, houses.lockers_m, (*notes, *door_notes)))


def _no_ferries(rules: RuleBook) -> list[str]:
    """Return that ferries were asked for in vain."""
    return ["ferries were asked for, but are read from extracts only"] if rules.ferries else []


@contextmanager
def _borrowed_osmnx(shelf: Path) -> Iterator[None]:
    """Set osmnx up for us, and leave it and the resolver of host names, which it bends, as they were."""
    from osmnx import settings

    from doorstep.network.osmgraph import NODE_TAGS, WAY_TAGS

    before = {key: value for key, value in vars(settings).items() if key.islower() and not key.startswith("_")}
    resolver = socket.getaddrinfo
    overpass, nominatim = os.environ.get(OVERPASS_VARIABLE), os.environ.get(NOMINATIM_VARIABLE)
    try:
        settings.use_cache = True
        settings.cache_only_mode = False
        settings.cache_folder = shelf
        settings.all_oneway = True
        settings.useful_tags_way = list(WAY_TAGS)
        settings.useful_tags_node = list(NODE_TAGS)
        settings.requests_kwargs = {**settings.requests_kwargs, "hooks": {"response": _refuse_to_wait}}
        settings.doh_url_template = None
        if overpass:
            # A server of one's own has no queue to be asked about.
            settings.overpass_url, settings.overpass_rate_limit = overpass, False
        if nominatim:
            settings.nominatim_url = nominatim
        yield
    finally:
        for key, value in before.items():
            setattr(settings, key, value)
        socket.getaddrinfo = resolver


def _refuse_to_wait(response: Any, *_args: Any, **_kwargs: Any) -> None:
    """Raise HTTPError for refusals; upon those of busy servers osmnx would sleep and ask again without end."""
    if not response.ok and not response.url.endswith("/status"):
        response.close()
        response.raise_for_status()


def _unreached(name: str, error: OSError) -> PlaceError:
    """Return what kept a server from answering; everything that `requests` raises is an OSError."""
    answer = getattr(error, "response", None)
    if answer is not None:
        what = f"the map server is busy or refuses (HTTP {answer.status_code})"
        fix = f"try again later, or name another server in {OVERPASS_VARIABLE} or {NOMINATIM_VARIABLE}"
        return PlaceError.of(name, what, fix, "refused")
    if error.errno and error.filename:
        return PlaceError.of(
            str(error.filename), f"the cache cannot be used: {error.strerror}", "name another folder", "cache"
        )
    return PlaceError.of(
        name, f"the map server cannot be reached ({type(error).__name__})", NEEDS_NETWORK, "no-network"
    )


def _check_box(name: str, box: Box) -> None:
    """Raise PlaceError if a bounding box is none."""
    west, south, east, north = box
    fix = "give [west, south, east, north] in degrees"
    if not all(map(np.isfinite, box)) or max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:  # noqa: PLR2004 - degrees
        if max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180:  # noqa: PLR2004 - degrees
            fix = f"did you swap longitude and latitude? try [{south:g}, {west:g}, {north:g}, {east:g}]"
        raise PlaceError.of(name, "lies off the Earth", fix, "no-area")
    if west >= east or south >= north:
        raise PlaceError.of(name, "has no inside: west must be below east, and south below north", fix, "no-area")


def _check_size(name: str, area: Any) -> None:
    """Raise PlaceError if a polygon in degrees is too large, by Lambert's cylindrical projection, which keeps areas."""
    import shapely

    def flat(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = np.radians(degrees).T
        return EARTH_RADIUS_KM * np.column_stack([lon, np.sin(lat)])

    size_km2 = shapely.transform(area, flat).area
    if size_km2 > LARGEST_KM2:
        what = f"is {size_km2:,.0f} km² large, where streets are fetched for {LARGEST_KM2:,.0f} km² at most"
        raise PlaceError.of(name, what, "take a smaller area, or name an extract on disk", "too-large")


def _shelf(cache: str | Path, name: str) -> Path:
    """Return the folder that keeps the answers about one place."""
    return given_path(cache) / hashlib.sha256(name.encode()).hexdigest()[:16]


def _date(shelf: Path) -> str:
    """Return the date of the map as Overpass told it with its answers."""
    dates = []
    for file in sorted(shelf.glob("*.json")):
        answer = json.loads(file.read_text(encoding="utf-8"))
        base = answer.get("osm3s", {}).get("timestamp_osm_base", "") if isinstance(answer, dict) else ""
        dates += [base[:10]] if base else []
    return f"as of {max(dates)}" if dates else "of unknown date"
