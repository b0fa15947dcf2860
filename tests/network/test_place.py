"""Places by way of osmnx, against a server on the loopback that answers like Overpass and Nominatim."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest

from doorstep.errors import PlaceError
from doorstep.network.network import Medium, Pace
from doorstep.network.place import read_bbox, read_graphml, read_place
from doorstep.network.roadclass import class_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LON, LAT, STEP = 3.0, 45.0, 0.001
BOX = (LON - STEP, LAT - STEP, LON + 4 * STEP, LAT + 4 * STEP)
CORNERS = [[BOX[0], BOX[1]], [BOX[2], BOX[1]], [BOX[2], BOX[3]], [BOX[0], BOX[3]], [BOX[0], BOX[1]]]


def _node(number: int, x: float, y: float, **tags: str) -> dict[str, Any]:
    return {"type": "node", "id": number, "lon": LON + x * STEP, "lat": LAT + y * STEP, "tags": tags}


def _way(number: int, nodes: list[int], **tags: str) -> dict[str, Any]:
    return {"type": "way", "id": number, "nodes": nodes, "tags": tags}


STREETS = [
    _node(1, 0, 0),
    _node(2, 1, 0),
    _node(3, 1, 1),
    _node(4, 0, 1),
    _node(5, 2, 0, barrier="bollard"),
    _node(6, 3, 0),
    _way(1, [1, 2, 3], highway="residential", maxspeed="30"),
    _way(2, [1, 4, 3], highway="residential", oneway="-1"),
    _way(3, [2, 5, 6], highway="service"),
    _way(4, [1, 3], highway="steps"),
]
FEATURES = [
    *(_node(20 + k, 2 + x * 0.1, 1 + y * 0.1) for k, (x, y) in enumerate([(0, 0), (1, 0), (1, 1), (0, 1)])),
    _way(20, [20, 21, 22, 23, 20], **{"building": "house", "addr:housenumber": "4", "addr:street": "Side Street"}),
    _node(30, 0.5, 0.2, **{"addr:housenumber": "9"}),
    _node(31, 0.5, 0.3, amenity="parcel_locker"),
]


class _Maps(ThreadingHTTPServer):
    """Answers that a test may change, and the questions that came in."""

    asked: list[str]
    streets: list[dict[str, Any]]
    features: list[dict[str, Any]]
    status: int
    area: dict[str, Any] | None


class _Answer(BaseHTTPRequestHandler):
    server: _Maps

    def do_GET(self) -> None:
        """Answer as Nominatim does."""
        query = parse_qs(urlparse(self.path).query)["q"][0]
        self.server.asked.append(f"nominatim {query}")
        area = self.server.area
        place = {
            "lon": str(LON),
            "lat": str(LAT),
            "boundingbox": ["0", "0", "0", "0"],
            "display_name": query,
            "importance": 1,
        }
        self._reply([place | {"geojson": area}] if area and query == "Somewhere" else [])

    def do_POST(self) -> None:
        """Answer as Overpass does."""
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
        streets = '["highway"]' in query
        self.server.asked.append("overpass streets" if streets else "overpass features")
        elements = self.server.streets if streets else self.server.features
        self._reply({"osm3s": {"timestamp_osm_base": "2026-11-01T00:00:00Z"}, "elements": elements})

    def _reply(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def maps(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Maps]:
    """Return a map server on the loopback, and point Doorstep at it."""
    with _Maps(("127.0.0.1", 0), _Answer) as server:
        server.asked, server.status = [], 200
        server.streets, server.features = list(STREETS), list(FEATURES)
        server.area = {"type": "Polygon", "coordinates": [CORNERS]}
        url = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("DOORSTEP_OVERPASS_URL", f"{url}/api")
        monkeypatch.setenv("DOORSTEP_NOMINATIM_URL", url)
        monkeypatch.setattr("time.sleep", lambda _: None)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _fault(caught: pytest.ExceptionInfo[PlaceError]) -> tuple[str, str]:
    (fault,) = caught.value.faults
    assert fault.fix
    return fault.code, str(fault)


def test_a_named_place(maps: _Maps, tmp_path: Path) -> None:
    """A named place has streets, doors and lockers, knows its date, and the second call asks nobody."""
    network = read_place("Somewhere", tmp_path)
    assert maps.asked == ["nominatim Somewhere", "overpass streets", "overpass features"]
    assert network.origin == "Somewhere, as of 2026-11-01, © OpenStreetMap contributors, ODbL 1.0"
    assert network.crs == "EPSG:32631"
    assert (len(network.doors.flat), len(network.lockers_m)) == (2, 1)
    again = read_place("Somewhere", tmp_path)
    assert len(maps.asked) == 3
    assert again.origin == network.origin
    np.testing.assert_array_equal(again.doors.xy_m, network.doors.xy_m)


def test_rules_are_those_of_extracts(maps: _Maps, tmp_path: Path) -> None:
    """One-ways drawn backward, bollards and steps count as they do in a file."""
    assert maps.status == 200
    network = read_bbox(BOX, tmp_path)
    metres = {}
    for medium in (Medium.ROAD, Medium.FOOT):
        layer = network.layers[medium]
        corners = layer.snap(network.project(np.array([[LON, LAT], [LON, LAT + STEP], [LON + STEP, LAT + STEP]])))
        assert corners.distance_m.max() < 0.01
        metres[medium] = layer.legs(corners, corners, Pace(9.0)).distance_m
    high, wide = 111.13, 78.85
    assert metres[Medium.ROAD][1, 0] == pytest.approx(high, rel=0.002)
    assert metres[Medium.ROAD][0, 1] == pytest.approx(high + 2 * wide, rel=0.002)
    assert metres[Medium.FOOT][0, 2] == pytest.approx(np.hypot(high, wide), rel=0.002)
    assert any("road: 1 part," in note for note in [*network.notes, *network.layer_notes(network.layers)])


def test_settings_of_osmnx_are_left_alone(maps: _Maps, tmp_path: Path) -> None:
    """Neither osmnx's settings nor the resolver of host names are other than before, even after a failure."""
    import osmnx

    before = {key: value for key, value in vars(osmnx.settings).items() if not key.startswith("__")}
    resolver = socket.getaddrinfo
    read_bbox(BOX, tmp_path)
    maps.status = 429
    with pytest.raises(PlaceError):
        read_bbox((*BOX[:3], BOX[3] + STEP), tmp_path)
    assert {key: value for key, value in vars(osmnx.settings).items() if not key.startswith("__")} == before
    assert socket.getaddrinfo is resolver


def test_an_unknown_place(maps: _Maps, tmp_path: Path) -> None:
    """A place that nobody knows is said to be unknown."""
    assert maps.area
    with pytest.raises(PlaceError) as caught:
        read_place("Nowhere", tmp_path)
    assert _fault(caught)[0] == "unknown-place"


def test_a_point(maps: _Maps, tmp_path: Path) -> None:
    """A place that is a point has no streets to ask for."""
    maps.area = {"type": "Point", "coordinates": [LON, LAT]}
    with pytest.raises(PlaceError) as caught:
        read_place("Somewhere", tmp_path)
    assert _fault(caught)[0] == "no-area"


def test_a_place_without_streets(maps: _Maps, tmp_path: Path) -> None:
    """An area without a street says so."""
    maps.streets = []
    with pytest.raises(PlaceError) as caught:
        read_bbox(BOX, tmp_path)
    assert _fault(caught)[0] == "no-streets"


def test_a_place_without_houses(maps: _Maps, tmp_path: Path) -> None:
    """An area without buildings is read, and its street corners stand for doors."""
    maps.features = []
    network = read_bbox(BOX, tmp_path)
    assert len(network.doors.flat) == 6
    assert any("stand for houses" in note for note in network.notes)


@pytest.mark.parametrize("status", [429, 504, 403, 500])
def test_a_server_that_refuses(maps: _Maps, tmp_path: Path, status: int) -> None:
    """A server that is busy or refuses is not waited for, and what to do is said."""
    maps.status = status
    maps.streets = maps.features = []
    with pytest.raises(PlaceError) as caught:
        read_bbox(BOX, tmp_path)
    code, said = _fault(caught)
    assert code == "refused"
    assert f"HTTP {status}" in said


def test_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a server within reach the first use fails, and says that it needs the network."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("DOORSTEP_OVERPASS_URL", url)
    monkeypatch.setenv("DOORSTEP_NOMINATIM_URL", url)
    monkeypatch.setattr("time.sleep", lambda _: None)
    for read in (lambda: read_place("Somewhere", tmp_path), lambda: read_bbox(BOX, tmp_path)):
        with pytest.raises(PlaceError) as caught:
            read()
        code, said = _fault(caught)
        assert code == "no-network"
        assert "the first use of a place needs the network" in said
        assert isinstance(caught.value, OSError)


def test_a_cache_that_cannot_be_written(maps: _Maps, tmp_path: Path) -> None:
    """A file in the place of the cache's folder is named as what is in the way."""
    assert maps.area
    (tmp_path / "cache").touch()
    with pytest.raises(PlaceError) as caught:
        read_bbox(BOX, tmp_path / "cache")
    code, said = _fault(caught)
    assert code == "cache"
    assert str(tmp_path / "cache") in said


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ((1.0, 50.0, 0.0, 51.0), "west must be below east"),
        ((0.0, 51.0, 1.0, 50.0), "south below north"),
        ((30.0, 121.0, 31.0, 122.0), "did you swap longitude and latitude? try [121, 30, 122, 31]"),
        ((-200.0, 10.0, 10.0, 20.0), "lies off the Earth"),
        ((float("nan"), 10.0, 10.0, 20.0), "lies off the Earth"),
        ((-180.0, -90.0, 180.0, 90.0), "is 510,064,472 km² large"),
        ((24.0, 60.0, 28.0, 62.0), "take a smaller area"),
    ],
)
def test_boxes_that_are_none(tmp_path: Path, box: tuple[float, float, float, float], said: str) -> None:
    """A bounding box that is none is refused before anybody is asked."""
    with pytest.raises(PlaceError) as caught:
        read_bbox(box, tmp_path)
    assert said in _fault(caught)[1]


@pytest.fixture
def graph_file(tmp_path: Path) -> Path:
    """Return a drive graph as osmnx saves it: a two-way bent street, a one-way street back, speeds added."""
    import networkx as nx
    import osmnx
    from shapely import LineString

    graph = nx.MultiDiGraph(crs="epsg:4326")
    for number, (x, y) in enumerate([(0, 0), (0, 1), (1, 1)]):
        graph.add_node(number, x=LON + x * STEP, y=LAT + y * STEP, street_count=2)
    bent = LineString([(LON, LAT), (LON - STEP, LAT + STEP / 2), (LON, LAT + STEP)])
    two_way = {
        "osmid": [7, 8],
        "highway": ["residential", "tertiary"],
        "oneway": False,
        "length": 192.5,
        "speed_kph": 36.0,
    }
    graph.add_edge(0, 1, reversed=False, geometry=bent, **two_way)
    graph.add_edge(1, 0, reversed=True, geometry=bent.reverse(), **two_way)
    plain = {"highway": "residential", "reversed": False, "length": 78.9, "maxspeed": ["50", "30"]}
    graph.add_edge(1, 2, osmid=9, oneway=False, **plain)
    graph.add_edge(2, 1, osmid=9, oneway=False, **(plain | {"reversed": True}))
    graph.add_edge(2, 0, osmid=10, oneway=True, highway="residential", reversed=False, length=136.3)
    path = tmp_path / "own.graphml"
    osmnx.save_graphml(graph, path)
    return path


def test_a_users_own_graph(graph_file: Path) -> None:
    """A saved graph keeps its directions, bends and speeds; street corners stand for doors."""
    network = read_graphml(graph_file)
    roads = network.layers[Medium.ROAD]
    places = roads.snap(network.project(np.array([[LON, LAT], [LON, LAT + STEP], [LON + STEP, LAT + STEP]])))
    legs = roads.legs(places, places, Pace(30.0))
    high, wide = 111.13, 78.85
    bent = 2 * np.hypot(high / 2, wide)
    assert legs.distance_m[0, 1] == legs.distance_m[1, 0] == pytest.approx(bent, rel=0.002)
    assert legs.duration_s[0, 1] == pytest.approx(legs.distance_m[0, 1] / 10.0)
    assert legs.duration_s[1, 2] == pytest.approx(wide / (0.8 * 30 / 3.6), rel=0.002)
    assert legs.distance_m[2, 0] == pytest.approx(np.hypot(high, wide), rel=0.002)
    assert legs.distance_m[0, 2] == pytest.approx(bent + wide, rel=0.002)
    on_foot = network.layers[Medium.FOOT]
    corners = on_foot.snap(places.xy_m)
    assert on_foot.legs(corners, corners, Pace(1.0)).distance_m[0, 2] == pytest.approx(np.hypot(high, wide), rel=0.002)
    assert set(roads.edges.road_class[np.flatnonzero(roads.edges.step_m)]) == {class_number("residential")}
    assert len(network.doors.flat) == 4
    assert any("stand for houses" in note for note in network.notes)
    assert any("1 of 3 streets with a speed by the graph" in note for note in network.notes)


@pytest.mark.parametrize(
    "text", ["", "<graphml", "<html></html>", '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"/>']
)
def test_no_graph(tmp_path: Path, text: str) -> None:
    """A file that is no graph of osmnx is refused as such."""
    path = tmp_path / "a.graphml"
    path.write_text(text)
    with pytest.raises(PlaceError) as caught:
        read_graphml(path)
    assert _fault(caught)[0] == "not-graphml"
    with pytest.raises(PlaceError) as caught:
        read_graphml(tmp_path / "none.graphml")
    assert _fault(caught)[0] == "no-file"


def test_a_country_is_too_large(maps: _Maps, tmp_path: Path) -> None:
    """The streets of a place as large as a country are not asked for."""
    ring = [[24.0, 60.0], [28.0, 60.0], [28.0, 62.0], [24.0, 62.0], [24.0, 60.0]]
    maps.area = {"type": "Polygon", "coordinates": [ring]}
    with pytest.raises(PlaceError) as caught:
        read_place("Somewhere", tmp_path)
    code, said = _fault(caught)
    assert code == "too-large"
    assert "47,952 km²" in said
    assert maps.asked == ["nominatim Somewhere"]
