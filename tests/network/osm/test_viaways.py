"""Tests of turn restrictions that lead over streets."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from doorstep.network.catchment import isochrones
from doorstep.network.extract import read_extract
from doorstep.network.graph.turning import Turn
from doorstep.network.hours.departures import journeys
from doorstep.network.network import Medium, Pace, Snaps
from doorstep.network.osm.viaways import paths_over
from doorstep.network.streets import Streets, lay_streets
from doorstep.network.traffic import load_traffic
from doorstep.network.ways import StreetTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from doorstep.network.network import Network

    Write = Callable[..., Path]
    Arc = tuple[int, int]
    """A segment, and 1 if it is run through backward."""

PACE = Pace(10.0)
STREET = {"highway": "residential"}
LON, LAT, STEP = 9.0, 50.0, 0.001
EAST_M, NORTH_M = 71.7, 111.2
PLACES = {1: (-1, 0), 2: (0, 0), 3: (0, 1), 4: (0, 2), 5: (-1, 2), 6: (1, 2), 7: (1, 0), 8: (0, 3)}
NODES = [(n, LON + x * STEP, LAT + y * STEP, {}) for n, (x, y) in PLACES.items()]
"""A column (2, 3, 4, 8) with arms to west and east at its second (1, 7) and at its fourth node (5, 6)."""
WAYS = [
    (11, [1, 2], STREET),
    (12, [2, 3], STREET),
    (13, [3, 4], STREET),
    (14, [4, 5], STREET),
    (15, [4, 6], STREET),
    (16, [2, 7], STREET),
    (17, [4, 8], STREET),
]
STRAIGHT_M = EAST_M + 2 * NORTH_M
"""From the middle of the south-western arm to that of the north-western one."""


def relation(members: str, **tags: str) -> str:
    """Return a restriction; members as in `from=w11 via=w12 to=w13`."""
    rows = (member.partition("=") for member in members.split())
    told = "".join(f'<member type="way" ref="{ref[1:]}" role="{role}"/>' for role, _, ref in rows)
    said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<relation id="1" version="1">{told}<tag k="type" v="restriction"/>{said}</relation>'


def metres(network: Network, start: tuple[float, float], end: tuple[float, float], medium: Medium) -> float:
    """Return how long the way between two places is: by Dijkstra, prepared, by its line and by the clock."""
    layer = network.layers[medium]
    assert isinstance(layer, Streets)
    xy_m = network.project(np.array([(LON + x * STEP, LAT + y * STEP) for x, y in (start, end)]))
    ends = layer.snap(xy_m[:1]), layer.snap(xy_m[1:])
    searched = float(layer.legs(*ends, PACE).distance_m.item())
    again = Streets(medium, layer.edges, 0, 0.0)
    assert len(again.hierarchy.rank) == layer.edges.nodes
    assert again.legs(*ends, PACE).distance_m.item() == pytest.approx(searched)
    for each in (again, Streets(medium, layer.edges, 0, 0.0)):
        assert np.hypot(*np.diff(each.paths(*ends, PACE)[0], axis=0).T).sum() == pytest.approx(searched)
    told = journeys(layer, *ends, 10.0, load_traffic("flat"), [0.0])
    assert told.distance_m.item() == pytest.approx(searched)
    return searched


WEST, NORTHWEST, NORTHEAST, EAST, COLUMN = (-0.5, 0), (-0.5, 2), (0.5, 2), (0.5, 0), (0, 0.5)
SIGNS = {
    "no_left_turn": "from=w11 via=w12 via=w13 to=w14",
    "only_straight_on": "from=w11 via=w12 via=w13 to=w17",
}


@pytest.mark.parametrize("said", SIGNS)
@pytest.mark.parametrize("let_off", ["", "bicycle", "motorcar"])
def test_a_sign_over_two_streets(osm_file: Write, said: str, let_off: str) -> None:
    """Who has come the whole way may not turn off it as the sign forbids; all others may, and whom it lets off."""
    tags = {"restriction": said} | ({"except": let_off} if let_off else {})
    network = read_extract(osm_file(NODES, WAYS, relation(SIGNS[said], **tags)))
    only = said.startswith("only")
    for medium in (Medium.ROAD, Medium.CYCLE, Medium.FOOT):
        bound = medium != Medium.FOOT and {"": True, "bicycle": medium != Medium.CYCLE}.get(
            let_off, medium != Medium.ROAD
        )
        # The shortest way round turns at a dead end in the east, be it before or behind the sign.
        detour = 2 * EAST_M if bound else 0.0
        assert metres(network, WEST, NORTHWEST, medium) == pytest.approx(STRAIGHT_M + detour, rel=0.01), medium
        east = STRAIGHT_M + (detour if only else 0.0)
        assert metres(network, WEST, NORTHEAST, medium) == pytest.approx(east, rel=0.01), medium
        assert metres(network, EAST, NORTHWEST, medium) == pytest.approx(STRAIGHT_M, rel=0.01), medium
        assert metres(network, NORTHWEST, WEST, medium) == pytest.approx(STRAIGHT_M, rel=0.01), medium
        rest = 1.5 * NORTH_M + EAST_M / 2
        assert metres(network, COLUMN, NORTHWEST, medium) == pytest.approx(rest, rel=0.01), medium
        assert metres(network, WEST, COLUMN, medium) == pytest.approx((EAST_M + NORTH_M) / 2, rel=0.01), medium
    kept = f"{int(let_off != 'motorcar')} for road and {int(let_off != 'bicycle')} for cycle kept to"
    assert any(kept in note for note in network.notes)


@pytest.mark.parametrize("way", [11, 12, 13, 14])
def test_a_sign_over_streets_that_are_not_to_be_passed_through(osm_file: Write, way: int) -> None:
    """A sign over streets holds where its journey begins, passes or ends on streets for residents only."""
    ways = [(n, refs, tags | ({"access": "destination"} if n == way else {})) for n, refs, tags in WAYS]
    network = read_extract(osm_file(NODES, ways, relation(SIGNS["no_left_turn"], restriction="no_left_turn")))
    detour = STRAIGHT_M + 2 * EAST_M
    assert metres(network, WEST, NORTHWEST, Medium.ROAD) == pytest.approx(detour, rel=0.01)
    assert metres(network, NORTHWEST, WEST, Medium.ROAD) == pytest.approx(STRAIGHT_M, rel=0.01)


def test_isochrones_know_signs_over_streets(osm_file: Write) -> None:
    """What can only be reached by a forbidden turn over streets is not within the minutes that the turn would take."""
    near = [[LON - 0.5 * STEP, LAT]]
    minutes = (STRAIGHT_M + 30) / 4 / 60
    areas = []
    for sign in ("", relation(SIGNS["no_left_turn"], restriction="no_left_turn")):
        network = read_extract(osm_file(NODES, WAYS, sign))
        areas.append(isochrones(network, near, [minutes], medium="cycle", pace=Pace(4.0)))
    free, bound = (frame.streets_km.item() for frame in areas)
    assert free - bound == pytest.approx((EAST_M / 2 + 30) / 1000, rel=0.05)


def test_no_turning_round_between_carriageways(osm_file: Write) -> None:
    """A sign against turning round over the link between two carriageways is kept, though the link may be used."""
    one = STREET | {"oneway": "yes"}
    places = {1: (-1, 0), 2: (0, 0), 3: (1, 0), 4: (1, 0.2), 5: (0, 0.2), 6: (-1, 0.2), 7: (0, -1)}
    nodes = [(n, LON + x * STEP, LAT + y * STEP, {}) for n, (x, y) in places.items()]
    ways = [(1, [1, 2], one), (2, [2, 3], one), (3, [4, 5], one), (4, [5, 6], one), (5, [2, 5], STREET)]
    ways += [(6, [3, 4], STREET), (7, [6, 1], STREET), (8, [7, 2], STREET)]
    sign = relation("from=w1 via=w5 to=w4", restriction="no_u_turn")
    for told, way_m in (("", EAST_M + 0.2 * NORTH_M), (sign, 3 * EAST_M + 0.2 * NORTH_M)):
        network = read_extract(osm_file(nodes, ways, told))
        assert metres(network, (-0.5, 0), (-0.5, 0.2), Medium.ROAD) == pytest.approx(way_m, rel=0.01)
    # Who comes from the south was never on the first carriageway.
    south = 0.5 * NORTH_M + 0.2 * NORTH_M + 0.5 * EAST_M
    assert metres(network, (0, -0.5), (-0.5, 0.2), Medium.ROAD) == pytest.approx(south, rel=0.01)


def test_paths_over_streets() -> None:
    """Streets lead on one behind the other, in either order, and a ring both ways round."""
    runs = np.array([0, 3, 5, 10]), np.array([1, 2, 3, 3, 4, 5, 6, 7, 8, 5])
    straight = [(1, 2, 3, 4)]
    assert paths_over([{0}, {1}], {1, 9}, {4}, runs) == straight
    assert paths_over([{1}, {0}], {1}, {4}, runs) == straight
    assert paths_over([{0}], {1}, {2, 3}, runs) == [(1, 2), (1, 2, 3)]
    assert paths_over([{2}], {5}, {7}, runs) == [(5, 6, 7), (5, 8, 7)]
    assert not paths_over([{0}, {2}], {1}, {7}, runs)
    assert not paths_over([{0}], {1}, {9}, runs)


def test_streets_that_cross_themselves_without_end_have_no_paths() -> None:
    """A tangle of streets is given up after a while."""
    node = np.random.default_rng(1).permutation(np.tile(np.arange(30), 30))
    assert not paths_over([{0}], {int(node[0])}, {99}, (np.array([0, len(node)]), node))


@settings(max_examples=60, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 10**6), st.integers(1, 14))
def test_ways_are_those_of_brute_force(seed: int, signs: int) -> None:
    """On random streets with signs over up to three streets the layer agrees with a search that knows its past."""
    rng = np.random.default_rng(seed)
    made, pairs, runs = random_streets(rng, signs)
    streets = lay_streets(made, Medium.ROAD)
    if not len(streets.edges.tail):
        return
    segment, share = rng.integers(len(pairs), size=8), rng.uniform(0.05, 0.95, 8)
    tail, head = made.xy_m[pairs[segment, 0]], made.xy_m[pairs[segment, 1]]
    snaps = streets.snap(tail + share[:, None] * (head - tail))
    used = snaps.distance_m < 1e-6
    if not used.any():
        return
    snaps = Snaps(snaps.xy_m[used], snaps.distance_m[used], snaps.edge[used], snaps.share[used])
    want_s = brute_force(made, pairs, runs, list(zip(segment[used].tolist(), share[used].tolist(), strict=True)))
    got = streets.legs(snaps, snaps, PACE)
    np.testing.assert_allclose(got.duration_s, want_s, rtol=1e-9, atol=1e-9)
    assert len(streets.hierarchy.rank) == streets.edges.nodes
    swept = streets.legs(snaps, snaps, PACE)
    np.testing.assert_allclose(swept.duration_s, want_s, rtol=1e-9, atol=1e-9)
    clocked = journeys(streets, snaps, snaps, 10.0, load_traffic("flat"), [0.0])
    np.testing.assert_allclose(clocked.arrival_s[0], want_s, rtol=1e-9, atol=1e-9)
    back = Snaps(*(getattr(snaps, name)[::-1] for name in ("xy_m", "distance_m", "edge", "share")))
    told = got.distance_m[np.arange(len(snaps.edge)), np.arange(len(snaps.edge))[::-1]]
    lengths = [np.hypot(*np.diff(line, axis=0).T).sum() for line in streets.paths(snaps, back, PACE)]
    np.testing.assert_allclose(lengths, told, rtol=1e-9, atol=1e-9)


def random_streets(
    rng: np.random.Generator, signs: int
) -> tuple[StreetTable, np.ndarray, list[tuple[list[Arc], bool]]]:
    """Return a bent grid of ways of one segment each, and its signs as runs of arcs with whether they prescribe."""
    side = int(rng.integers(2, 4))
    number = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate([np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
                            np.column_stack([number[:-1].ravel(), number[1:].ravel()])])  # fmt: skip
    pairs = pairs[rng.random(len(pairs)) < 0.9]
    pairs = np.where(rng.random(len(pairs))[:, None] < 0.5, pairs, pairs[:, ::-1])
    xy_m = np.column_stack(np.divmod(np.arange(side * side), side)) * 100 + rng.normal(0, 20, (side * side, 2))
    allowed = np.ones((len(pairs), 2), bool)
    allowed[rng.random(len(pairs)) < 0.2, 1] = False
    speed = np.repeat(rng.uniform(2, 9, len(pairs))[:, None], 2, axis=1)
    turns, runs = [], []
    for _ in range(signs if len(pairs) else 0):
        run = walk(rng, pairs, int(rng.integers(2, 6)))
        if run is None:
            continue
        only, ways = bool(rng.random() < 0.3), [s for s, _ in run]
        via = tuple(int(pairs[s, 1 - back]) for s, back in run[:-1])
        runs.append((run, only))
        turns.append(Turn(frozenset(ways[:1]), via, frozenset(ways[-1:]), only, ways[0] == ways[-1], {*ways[1:-1]}))
    first = 2 * np.arange(len(pairs) + 1)
    kinds = np.arange(len(pairs), dtype=np.int32), {Medium.ROAD: allowed}, speed, np.zeros(len(pairs), np.uint8)
    made = StreetTable(xy_m, first, pairs.ravel(), *kinds)
    return replace(made, turns={Medium.ROAD: turns}), pairs, runs


def walk(rng: np.random.Generator, pairs: np.ndarray, steps: int) -> list[Arc] | None:
    """Return a random walk that meets no node twice on the streets between its first and its last one."""
    run: list[Arc] = [(int(rng.integers(len(pairs))), int(rng.integers(2)))]
    met: set[int] = set()
    for _ in range(steps - 1):
        at = int(pairs[run[-1][0], 1 - run[-1][1]])
        if at in met:
            return None
        met.add(at)
        run.append((int(rng.choice(np.flatnonzero((pairs == at).any(axis=1)))), 0))
        run[-1] = run[-1][0], int(pairs[run[-1][0], 1] == at)
    return run


class Town:
    """Streets as arcs, of which each search remembers as many as the longest sign has."""

    def __init__(self, made: StreetTable, pairs: np.ndarray, signs: list[tuple[list[Arc], bool]]) -> None:
        allowed = made.allowed[Medium.ROAD]
        arcs = [(s, way) for s in range(len(pairs)) for way in range(2) if allowed[s, way]]
        self.pairs = pairs
        self.takes = {(s, way): self.length(made, s) / made.free_speed_mps[s, way] for s, way in arcs}
        self.out: dict[int, list[Arc]] = {}
        for s, way in arcs:
            self.out.setdefault(int(pairs[s, way]), []).append((s, way))
        around: dict[int, list[Arc]] = {}
        for s, (tail, head) in enumerate(pairs.tolist()):
            around.setdefault(tail, []).append((s, 0))
            around.setdefault(head, []).append((s, 1))
        self.runs = set()
        for run, only in signs:
            last = around[int(pairs[run[-1][0], run[-1][1]])]
            self.runs |= {(*run[:-1], end) for end in last if (end != run[-1] if only else end == run[-1])}
            self.runs |= {(*run[:size], (run[size - 1][0], 1 - run[size - 1][1])) for size in range(2, len(run))}
        self.sizes = sorted({len(run) for run in self.runs})
        self.memory = max(self.sizes, default=2) - 1
        junctions = {self.end(run[0]) for run in self.runs} | {self.end(run[-2]) for run in self.runs}
        self.amid = set()
        for node, touching in around.items():
            if node not in junctions and len(touching) == 2:
                (one, a), (other, b) = touching
                if (allowed[one, a], allowed[one, 1 - a]) == (allowed[other, 1 - b], allowed[other, b]):
                    self.amid.add(node)
        graph = nx.DiGraph(
            (past, (*past, then)[-self.memory :]) for past in self.pasts(arcs) for then in self.follow(past)
        )
        parts = [part for part in nx.strongly_connected_components(graph) if graph.subgraph(part).edges]
        sizes = [sum(self.length(made, s) for s in {past[-1][0] for past in part}) for part in parts]
        self.inside = {past[-1][0] for past in parts[int(np.argmax(sizes))]} if parts else set()

    def length(self, made: StreetTable, s: int) -> float:
        """Return how long a street is."""
        return float(np.hypot(*(made.xy_m[self.pairs[s, 1]] - made.xy_m[self.pairs[s, 0]])))

    def end(self, arc: Arc) -> int:
        """Return where an arc leads."""
        return int(self.pairs[arc[0], 1 - arc[1]])

    def pasts(self, arcs: list[Arc]) -> list[tuple[Arc, ...]]:
        """Return all that searches may remember."""
        found: set[tuple[Arc, ...]] = set()
        waiting: list[tuple[Arc, ...]] = [(arc,) for arc in arcs]
        while waiting:
            past = waiting.pop()
            if past not in found:
                found.add(past)
                waiting += [(*past, then)[-self.memory :] for then in self.follow(past)]
        return sorted(found)

    def follow(self, past: tuple[Arc, ...]) -> list[Arc]:
        """Return the arcs that may follow."""
        node = self.end(past[-1])
        return [
            then
            for then in self.out.get(node, [])
            if not (then[0] == past[-1][0] and node in self.amid)
            and not any((*past, then)[-size:] in self.runs for size in self.sizes)
        ]

    def reach(self, s: int, at: float) -> dict[tuple[Arc, ...], float]:
        """Return when what is passed from a place."""
        best: dict[tuple[Arc, ...], float] = {}
        heap = [
            (left * self.takes[s, way], ((s, way),)) for way, left in ((0, 1 - at), (1, at)) if (s, way) in self.takes
        ]
        heap.sort()
        while heap:
            t, past = heappop(heap)
            if past in best:
                continue
            best[past] = t
            for then in self.follow(past):
                if then[0] in self.inside:
                    heappush(heap, (t + self.takes[then], (*past, then)[-self.memory :]))
        return best


def brute_force(
    made: StreetTable, pairs: np.ndarray, signs: list[tuple[list[Arc], bool]], places: list[tuple[int, float]]
) -> np.ndarray:
    """Return the seconds between places on streets."""
    town = Town(made, pairs, signs)
    seconds = np.full((len(places), len(places)), np.inf)
    for i, (s, at) in enumerate(places):
        best = town.reach(s, at)
        for j, (other, there) in enumerate(places):
            for way, done in ((0, there), (1, 1 - there)):
                if (other, way) in town.takes:
                    found = [t for past, t in best.items() if (other, way) in town.follow(past)]
                    seconds[i, j] = min([seconds[i, j], *(t + done * town.takes[other, way] for t in found)])
                    gone = done - (at if way == 0 else 1 - at)
                    if s == other and gone >= 0:
                        seconds[i, j] = min(seconds[i, j], gone * town.takes[s, way])
    return seconds
