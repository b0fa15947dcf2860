"""Times, distances and paths over streets."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from doorstep.errors import InputError
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Pace, Snaps
from doorstep.network.streets import Streets, lay_streets

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from doorstep.network.ways import StreetTable

    Make = Callable[..., StreetTable]

STREET = {"highway": "residential", "maxspeed": "45"}
ONE_WAY = STREET | {"oneway": "yes"}
FREE_MPS = 10.0
"""Free speed of these streets: four fifths of 45 km/h."""
FAST = Pace(99.0)


def _at(streets: Streets, *xy: tuple[float, float]) -> Snaps:
    snaps = streets.snap(np.array(xy))
    assert snaps.distance_m.max() < 1e-6
    return snaps


def _length_m(line: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def test_places_in_the_middle_of_edges(table: Make) -> None:
    """Two places on one two-way street are as far apart as the street between them, both ways."""
    streets = lay_streets(table([(0, 0), (100, 0), (100, 50)], ([0, 1, 2], STREET)), Medium.ROAD)
    legs = streets.legs(_at(streets, (20, 0)), _at(streets, (100, 30), (5, 0)), FAST)
    np.testing.assert_allclose(legs.distance_m, [[110, 15]])
    np.testing.assert_allclose(legs.duration_s, [[11, 1.5]])


def test_against_a_one_way_street_leads_round_the_block(table: Make) -> None:
    """From a place to one shortly before it in a one-way street the way is round the block."""
    xy = [(0, 0), (100, 0), (100, 100), (0, 100)]
    streets = lay_streets(table(xy, ([0, 1], ONE_WAY), ([1, 2, 3, 0], STREET)), Medium.ROAD)
    there, back = _at(streets, (20, 0)), _at(streets, (80, 0))
    assert streets.legs(there, back, FAST).distance_m.item() == pytest.approx(60)
    assert streets.legs(back, there, FAST).distance_m.item() == pytest.approx(20 + 300 + 20)
    assert streets.legs(back, there, Pace(99.0, 2.0)).duration_s.item() == pytest.approx(340 / (FREE_MPS / 2))
    assert _length_m(streets.paths(back, there, FAST)[0]) == pytest.approx(340)


def test_one_way_ring(table: Make) -> None:
    """On a ring that runs one way only, going back means going round."""
    ring = [(0, 0), (100, 0), (100, 100), (0, 100)]
    streets = lay_streets(table(ring, ([0, 1, 2, 3, 0], ONE_WAY)), Medium.ROAD)
    places = _at(streets, (30, 0), (70, 0))
    np.testing.assert_allclose(streets.legs(places, places, FAST).distance_m, [[0, 40], [360, 0]], atol=1e-9)
    assert _length_m(streets.paths(_at(streets, (70, 0)), _at(streets, (30, 0)), FAST)[0]) == pytest.approx(360)


def test_round_the_ring_may_be_quicker(table: Make) -> None:
    """On a loop with a slow side the quickest way between two places of that side leads out and round."""
    xy = [(-50, 0), (0, 0), (400, 0), (400, 1), (0, 1)]
    slow = {"highway": "residential", "maxspeed": "4.5"}
    streets = lay_streets(table(xy, ([0, 1], STREET), ([1, 2], slow), ([2, 3, 4, 1], STREET)), Medium.ROAD)
    legs = streets.legs(_at(streets, (10, 0)), _at(streets, (390, 0)), FAST)
    assert legs.duration_s.item() == pytest.approx(10 + 10 + 402 / FREE_MPS)
    assert legs.distance_m.item() == pytest.approx(10 + 402 + 10)


def test_a_junction_is_one_place_whatever_edge_names_it(table: Make) -> None:
    """Places on the same junction are at no distance, even where a one-way street leads away from it."""
    xy = [(0, 0), (100, 0), (100, 100), (0, 100)]
    streets = lay_streets(table(xy, ([0, 1], ONE_WAY), ([1, 2, 3, 0], STREET)), Medium.ROAD)
    edges = streets.edges
    one_way = int(np.flatnonzero(edges.allowed.sum(axis=1) == 1)[0])
    corner = np.array([[100.0, 0.0]])
    on_one_way = Snaps(corner, np.zeros(1), np.array([one_way]), np.array([1.0 if edges.allowed[one_way, 0] else 0.0]))
    other = 1 - one_way
    ends = edges.point_xy_m[[edges.first[other], edges.first[other + 1] - 1]]
    on_other = Snaps(corner, np.zeros(1), np.array([other]), np.array([float((ends[1] == corner[0]).all())]))
    assert streets.legs(on_one_way, on_other, FAST).distance_m.item() == 0
    assert streets.legs(on_other, on_one_way, FAST).distance_m.item() == 0


def test_pace_and_traffic(table: Make) -> None:
    """Traffic slows vans; cycles only where it falls below their own speed; people and robots never."""
    one = table([(0, 0), (300, 0)], ([0, 1], STREET))
    seconds = {}
    for medium in (Medium.ROAD, Medium.CYCLE, Medium.FOOT, Medium.PATH):
        streets = lay_streets(one, medium)
        ends = _at(streets, (0, 0)), _at(streets, (300, 0))
        seconds[medium] = [streets.legs(*ends, Pace(4.0, factor)).duration_s.item() for factor in (1, 2, 5)]
    assert seconds[Medium.ROAD] == pytest.approx([75, 75, 150])
    assert seconds[Medium.CYCLE] == pytest.approx([75, 75, 150])
    assert seconds[Medium.FOOT] == seconds[Medium.PATH] == pytest.approx([75, 75, 75])


def test_cycleways_know_no_traffic(table: Make) -> None:
    """Traffic does not reach a cycleway."""
    streets = lay_streets(table([(0, 0), (300, 0)], ([0, 1], {"highway": "cycleway"})), Medium.CYCLE)
    legs = streets.legs(_at(streets, (0, 0)), _at(streets, (300, 0)), Pace(5.0, 9.0))
    assert legs.duration_s.item() == pytest.approx(60)


@pytest.mark.parametrize("seed", range(6))
def test_same_numbers_as_scipy(table: Make, seed: int) -> None:
    """Times and distances between places anywhere equal those of scipy on a graph split at every place."""
    rng = np.random.default_rng(seed)
    made = _random_town(table, rng)
    streets = lay_streets(made, Medium.ROAD)
    segment, share = rng.integers(len(made.node) - 1, size=120), rng.random(120)
    ends = made.xy_m[made.node[segment]], made.xy_m[made.node[segment + 1]]
    places = ends[0] + share[:, None] * (ends[1] - ends[0])
    # Steps from way to way are no streets, and some streets cannot be left again.
    used = (streets.snap(places).distance_m < 1e-6) & ~np.isin(segment + 1, made.first)
    assert used.sum() > 30
    places = places[used]
    snaps = streets.snap(places)
    legs = streets.legs(snaps, snaps, Pace(12.0, 1.3))
    seconds, metres = _by_scipy(made, segment[used], share[used], 12.0, 1.3)
    np.testing.assert_allclose(legs.duration_s, seconds, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(legs.distance_m, metres, rtol=1e-9, atol=1e-6)
    order = rng.permutation(len(places))
    paths = streets.paths(snaps, streets.snap(places[order]), Pace(12.0, 1.3))
    told = legs.distance_m[np.arange(len(places)), order]
    np.testing.assert_allclose([_length_m(path) for path in paths], told, rtol=1e-6, atol=1e-6)
    for k, path in enumerate(paths):
        np.testing.assert_allclose(path[[0, -1]], [snaps.xy_m[k], snaps.xy_m[order[k]]], atol=1e-6)


def test_prepared_streets_answer_the_same(table: Make) -> None:
    """Once prepared, a layer gives the same tables for every pace, wherever on its edges the places lie."""
    rng = np.random.default_rng(4)
    streets = lay_streets(_random_town(table, rng), Medium.ROAD)
    places = streets.snap(rng.uniform(0, 400, (30, 2)))
    paces = FAST, Pace(5.0), Pace(99.0, 3.0)
    before = [streets.legs(places, places, pace) for pace in paces]
    assert len(streets.hierarchy.rank) == streets.edges.nodes
    for pace, searched in zip(paces, before, strict=True):
        prepared = streets.legs(places, places, pace)
        np.testing.assert_allclose(prepared.duration_s, searched.duration_s, rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(prepared.distance_m, searched.distance_m, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_paths_take_what_legs_say(table: Make, seed: int, prepared: bool) -> None:
    """Every line is as long as told and lies on open streets, at whose speeds it takes the time told."""
    rng = np.random.default_rng(seed)
    made = _random_town(table, rng)
    streets, pace = lay_streets(made, Medium.ROAD), Pace(12.0, 1.3)
    if prepared:
        assert streets.hierarchy is not None
    _, starts, ends = (streets.snap(rng.uniform(0, 600, (60, 2))) for _ in range(3))
    legs = streets.legs(starts, ends, pace)
    lines = streets.paths(starts, ends, pace)
    np.testing.assert_allclose([_length_m(line) for line in lines], np.diagonal(legs.distance_m), rtol=1e-9, atol=1e-6)
    took_s = [_time_s(made, line, pace) for line in lines]
    np.testing.assert_allclose(took_s, np.diagonal(legs.duration_s), rtol=1e-6, atol=1e-6)
    for k, line in enumerate(lines):
        np.testing.assert_allclose(line[[0, -1]], [starts.xy_m[k], ends.xy_m[k]], atol=1e-6)


def _time_s(made: StreetTable, line: NDArray[np.float64], pace: Pace) -> float:
    """Return how long a line takes over a town, each piece of it on a street that is open in its direction."""
    inside = np.flatnonzero(~np.isin(np.arange(1, len(made.node)), made.first))
    way = np.repeat(np.arange(len(made.first) - 1), np.diff(made.first))[inside]
    a, b = made.xy_m[made.node[inside]], made.xy_m[made.node[inside + 1]]
    length_m = np.hypot(*(b - a).T)
    there = (b - a) / length_m[:, None]
    total_s = 0.0
    for p, q in pairwise(line):
        off_m = [np.abs(there[:, 0] * (p - a)[:, 1] - there[:, 1] * (p - a)[:, 0]) for p in (p, q)]
        along = [((end - a) * there).sum(axis=1) / length_m for end in (p, q)]
        on = (np.maximum(*off_m) < 1e-5) & (np.minimum(*along) > -1e-6) & (np.maximum(*along) < 1 + 1e-6)
        turned = (along[1] < along[0]).astype(int)
        on &= made.allowed[Medium.ROAD][way, turned]
        speed = np.minimum(pace.max_speed_mps, made.free_speed_mps[way, turned] / pace.traffic_factor)
        assert on.any()
        total_s += float(np.hypot(*(q - p)) / speed[on].max())
    return total_s


def _random_town(table: Make, rng: np.random.Generator) -> StreetTable:
    """Return a bent lattice with gaps, one-way streets and speeds of all kinds."""
    side = 7
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) * 100.0
    xy += rng.uniform(-30, 30, xy.shape)
    numbers = np.arange(side * side).reshape(side, side)
    ways = []
    for line in [*numbers.tolist(), *numbers.T.tolist()]:
        cuts = [0, *sorted(rng.choice(np.arange(1, side - 1), 2, replace=False).tolist()), side - 1]
        for start, end in pairwise(cuts):
            oneway = str(rng.choice(["yes", "-1", "no", "no"]))
            tags = {"highway": "tertiary", "maxspeed": str(rng.integers(20, 80)), "oneway": oneway}
            if rng.random() > 0.1:
                ways.append((line[start : end + 1], tags))
    return table(xy.tolist(), *ways)


def _by_scipy(
    made: StreetTable,
    segment: NDArray[np.int64],
    share: NDArray[np.float64],
    max_speed_mps: float,
    traffic_factor: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and distances between places, each at a share of a segment from one row of nodes to the next."""
    count = len(made.xy_m)
    arcs = []
    for way in range(len(made.first) - 1):
        for s in range(made.first[way], made.first[way + 1] - 1):
            here = np.flatnonzero(segment == s)
            here = here[np.argsort(share[here])]
            stops = [int(made.node[s]), *(count + here).tolist(), int(made.node[s + 1])]
            step = made.xy_m[made.node[s + 1]] - made.xy_m[made.node[s]]
            lengths = np.diff(np.concatenate([[0.0], share[here], [1.0]])) * np.hypot(*step)
            for k in np.flatnonzero(made.allowed[Medium.ROAD][way]):
                speed = min(max_speed_mps, made.free_speed_mps[way, k] / traffic_factor)
                pairs = zip(stops[:-1], stops[1:], lengths, strict=True)
                arcs += [(b, a, m, m / speed) if k else (a, b, m, m / speed) for a, b, m in pairs]
    tail, head, metres, seconds = (np.array(column) for column in zip(*arcs, strict=True))
    size = count + len(share)
    length = coo_matrix((metres, (tail, head)), shape=(size, size)).toarray()
    rows = count + np.arange(len(share))
    graph = coo_matrix((seconds, (tail, head)), shape=(size, size)).tocsr()
    duration, came_by = dijkstra(graph, indices=rows, return_predecessors=True)
    distance = np.zeros((len(rows), len(rows)))
    for i, start in enumerate(rows):
        for j, node in enumerate(rows):
            while node != start:
                distance[i, j] += length[came_by[i, node], node]
                node = came_by[i, node]  # noqa: PLW2901 - back along the tree
    return duration[:, rows], distance


def test_snapping_finds_the_nearest_point_of_an_edge(table: Make) -> None:
    """A place is put on the nearest point of the nearest street, not on a junction, and knows how far that is."""
    streets = lay_streets(table([(0, 0), (100, 0), (100, 100)], ([0, 1, 2], STREET)), Medium.ROAD)
    snaps = streets.snap(np.array([[40.0, 7.0], [-3.0, -4.0]]))
    np.testing.assert_allclose(snaps.xy_m, [[40, 0], [0, 0]], atol=1e-9)
    np.testing.assert_allclose(snaps.distance_m, [7, 5])


def test_snapping_passes_by_what_cannot_be_left(table: Make) -> None:
    """A place beside a street that leads out of the map for good is put on the street beyond."""
    xy = [(0, 0), (100, 0), (100, 40), (300, 40)]
    streets = lay_streets(table(xy, ([0, 1], STREET), ([1, 2, 3], ONE_WAY)), Medium.ROAD)
    np.testing.assert_allclose(streets.snap(np.array([[90.0, 39.0]])).xy_m, [[90, 0]])


@pytest.mark.parametrize("place", [(np.nan, 1.0), (np.inf, 1.0)])
def test_places_that_are_no_positions_are_told(table: Make, place: tuple[float, float]) -> None:
    """A place that is no position is named by its number, in place of a cry of the library that measures."""
    streets = lay_streets(table([(0, 0), (90, 0)], ([0, 1], STREET)), Medium.ROAD)
    with pytest.raises(InputError, match=r"place 1: .* is no position"):
        streets.snap(np.array([(0.0, 0.0), place]))


@pytest.mark.parametrize(
    ("speed_mps", "factor", "what"),
    [
        (0.0, 1.0, "0 m/s is no speed"),
        (-1.0, 1.0, "-1 m/s is no speed"),
        (np.nan, 1.0, "nan m/s is no speed"),
        (np.inf, 1.0, "inf m/s is no speed"),
        (3.0, 0.0, "0 is no factor"),
        (3.0, (1.0, -2.0), "-2 is no factor"),
    ],
)
def test_a_pace_is_above_zero(speed_mps: float, factor: float | tuple[float, ...], what: str) -> None:
    """No search is begun at a speed or with a factor that is not above zero, since it would never end."""
    with pytest.raises(InputError, match=what):
        Pace(speed_mps, factor)


def test_empty_layers_and_no_places(table: Make) -> None:
    """On a layer without streets nothing is reached, and no places give empty tables."""
    empty = lay_streets(table([(0, 0), (9, 0)], ([0, 1], {"highway": "steps"})), Medium.ROAD)
    lost = empty.snap(np.array([[1.0, 1.0], [2.0, 2.0]]))
    assert np.isinf(lost.distance_m).all()
    assert np.isinf(empty.legs(lost, lost, FAST).duration_s).all()
    assert [path.shape for path in empty.paths(lost, lost, FAST)] == [(0, 2), (0, 2)]
    full = lay_streets(table([(0, 0), (9, 0)], ([0, 1], STREET)), Medium.ROAD)
    none, one = full.snap(np.empty((0, 2))), full.snap(np.array([[1.0, 1.0]]))
    assert full.legs(none, one, FAST).distance_m.shape == (0, 1)
    assert full.legs(one, none, FAST).distance_m.shape == (1, 0)
    assert len(full.paths(none, none, FAST)) == 0
    assert np.isinf(full.legs(lost, one, FAST).distance_m).all()
    assert full.paths(lost, full.snap(np.array([[1.0, 1.0], [2.0, 0.0]])), FAST)[0].shape == (0, 2)


def test_duplicate_places() -> None:
    """The same place given twice has the same row and column, and no distance to itself."""
    streets = grid_town(4, 3, 100.0, seed=3).layers[Medium.ROAD]
    snaps = streets.snap(np.array([[500110.0, 5000130.0], [500250.0, 5000010.0]])[[0, 1, 0]])
    legs = streets.legs(snaps, snaps, Pace(8.0))
    np.testing.assert_array_equal(legs.duration_s[0], legs.duration_s[2])
    np.testing.assert_array_equal(legs.duration_s[:, 0], legs.duration_s[:, 2])
    assert legs.duration_s[0, 2] == legs.distance_m[0, 2] == 0
    path = streets.paths(_only(snaps, [0]), _only(snaps, [2]), Pace(8.0))[0]
    assert (len(path), _length_m(path)) == (2, 0)


def test_a_layer_survives_pickling() -> None:
    """A layer sent to another process tells the same times."""
    streets = grid_town(3, 3, 100.0, seed=1).layers[Medium.ROAD]
    places = streets.snap(np.array([[500020.0, 5000000.0], [500280.0, 5000310.0]]))
    again = pickle.loads(pickle.dumps(streets))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(
        again.legs(again.snap(places.xy_m), again.snap(places.xy_m), FAST).duration_s,
        streets.legs(places, places, FAST).duration_s,
    )


def test_places_nearer_to_what_is_left_out(table: Make) -> None:
    """A place is cut off if the nearest street of all is left out, however far it lies from any."""
    rng = np.random.default_rng(3)
    xy = [(0, 0), (300, 0), (0, 200), (250, 200), (400, 100), (500, 100)]
    streets = lay_streets(table(xy, ([0, 1], STREET), ([2, 3], STREET), ([4, 5], STREET)), Medium.ROAD)
    places = np.concatenate([rng.uniform(-100, 600, (200, 2)), rng.uniform(-1e5, 1e5, (50, 2))])
    away = shapely.distance(shapely.MultiLineString(streets.left_out_xy_m.tolist()), shapely.points(places))
    assert streets.cut_off(places).tolist() == (away < streets.snap(places).distance_m - 1e-3).tolist()


def _only(snaps: Snaps, rows: list[int]) -> Snaps:
    return Snaps(snaps.xy_m[rows], snaps.distance_m[rows], snaps.edge[rows], snaps.share[rows])
