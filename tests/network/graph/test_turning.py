"""Tests of forbidden turns and of streets that are not to be passed through."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.network.graph.turning import Turn, forbidden_turns
from doorstep.network.network import Medium, Pace, Snaps
from doorstep.network.streets import Streets, lay_streets
from doorstep.network.ways import StreetTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[..., StreetTable]

PACE = Pace(10.0)
STREET = {"highway": "residential", "maxspeed": "45"}
CROSS = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (100.0, 100.0), (100.0, -100.0)]
"""West, middle, east, north and south."""
ARMS = [([0, 1], STREET), ([1, 2], STREET), ([3, 1], STREET), ([1, 4], STREET)]
WEST, EAST, NORTH, SOUTH = range(4)


def turn(start: int, end: int, via: int = 1, *, only: bool = False, back: bool = False) -> Turn:
    """Return a restriction between two ways."""
    return Turn(frozenset((start,)), (via,), frozenset((end,)), only, back)


def metres(streets: Streets, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return how long the way between two places is, by Dijkstra, by the prepared streets and by its line."""
    ends = streets.snap(np.array([start])), streets.snap(np.array([end]))
    assert max(end.distance_m.item() for end in ends) < 1e-6
    searched = Streets(Medium.ROAD, streets.edges, 0, 0.0).legs(*ends, PACE).distance_m.item()
    again = Streets(Medium.ROAD, streets.edges, 0, 0.0)
    assert len(again.hierarchy.rank) == streets.edges.nodes
    assert again.legs(*ends, PACE).distance_m.item() == pytest.approx(searched)
    line = streets.paths(*ends, PACE)[0]
    assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(searched)
    return float(searched)


def test_a_forbidden_turn_leads_round(table: Make) -> None:
    """Who may not turn left drives on and turns round at the next junction; all others turn as ever."""
    made = table(CROSS, *ARMS)
    free = lay_streets(made, Medium.ROAD)
    signed = lay_streets(replace(made, turns={Medium.ROAD: [turn(WEST, NORTH)]}), Medium.ROAD)
    west, east, north, south = (50.0, 0.0), (150.0, 0.0), (100.0, 50.0), (100.0, -50.0)
    assert metres(free, west, north) == 100
    assert metres(signed, west, north) == 300
    for start, end in ((north, west), (east, north), (south, north), (west, east), (west, south)):
        assert metres(signed, start, end) == metres(free, start, end) == 100
    assert (
        metres(lay_streets(replace(made, turns={Medium.CYCLE: [turn(WEST, NORTH)]}), Medium.ROAD), west, north) == 100
    )


def test_one_way_on_only(table: Make) -> None:
    """Where one turn is prescribed all others are forbidden, turning round among them."""
    made = replace(table(CROSS, *ARMS), turns={Medium.ROAD: [turn(WEST, EAST, only=True)]})
    signed = lay_streets(made, Medium.ROAD)
    west = (50.0, 0.0)
    assert metres(signed, west, (150.0, 0.0)) == 100
    assert metres(signed, west, (100.0, 50.0)) == metres(signed, west, (100.0, -50.0)) == 300
    assert signed.left_out_parts == 0


def test_turning_round(table: Make) -> None:
    """Turning round is allowed at junctions and dead ends; where a sign forbids it one does so elsewhere."""
    xy = [*CROSS[:4], (100.0, -300.0)]
    west, north = (50.0, 0.0), (100.0, 50.0)
    signs = [turn(WEST, NORTH), turn(EAST, EAST, 2, back=True)]
    for count, way_m in enumerate((100, 300, 700)):
        made = replace(table(xy, *ARMS), turns={Medium.ROAD: signs[:count]})
        assert metres(lay_streets(made, Medium.ROAD), west, north) == way_m


def test_a_place_on_the_junction_is_free_of_signs(table: Make) -> None:
    """Who stands on the junction itself may leave into any street, and whoever comes there has come."""
    made = replace(table(CROSS, *ARMS), turns={Medium.ROAD: [turn(WEST, arm) for arm in (EAST, NORTH)]})
    signed = lay_streets(made, Medium.ROAD)
    middle = (100.0, 0.0)
    for arm in ((50.0, 0.0), (150.0, 0.0), (100.0, 50.0), (100.0, -50.0)):
        assert metres(signed, middle, arm) == metres(signed, arm, middle) == 50


def test_a_node_amid_a_street_becomes_a_junction(table: Make) -> None:
    """Where a sign stands amid a street of two ways, nobody passes it in its direction, and everybody against it."""
    line = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (200.0, 50.0), (0.0, 50.0)]
    made = table(line, ([0, 1], STREET), ([1, 2], STREET), ([2, 3, 4, 0], STREET))
    signed = lay_streets(replace(made, turns={Medium.ROAD: [turn(0, 1)]}), Medium.ROAD)
    assert metres(signed, (90.0, 0.0), (110.0, 0.0)) == 480
    assert metres(signed, (110.0, 0.0), (90.0, 0.0)) == 20


def test_signs_that_lead_nowhere_part_the_town(table: Make) -> None:
    """A street that can be entered but, by its signs, never be left again is left out."""
    made = table(CROSS, *ARMS[:3], ([1, 4], STREET | {"oneway": "yes"}), ([4, 2], STREET | {"oneway": "yes"}))
    assert lay_streets(made, Medium.ROAD).left_out_m == 0
    signs = [turn(4, 1, via=2), turn(4, 4, via=2, back=True)]
    signed = lay_streets(replace(made, turns={Medium.ROAD: signs}), Medium.ROAD)
    assert signed.left_out_m == pytest.approx(100 + 100 * 2**0.5)
    assert signed.left_out_parts == 1
    assert signed.cut_off(np.array([(99.0, -60.0), (99.0, 60.0)])).tolist() == [True, False]


def test_ways_that_do_not_meet_forbid_nothing(table: Make) -> None:
    """A restriction whose ways do not touch its node, or may not be used, says nothing."""
    made = table(CROSS, *ARMS)
    ends = made.node[made.first[:-1]], made.node[made.first[:-1] + 1]
    ways = np.arange(4)
    for odd in (turn(WEST, EAST, via=3), turn(WEST, 9), turn(9, EAST), turn(WEST, 9, only=True)):
        assert not forbidden_turns([odd], *ends, ways)
    assert forbidden_turns([turn(WEST, EAST), turn(WEST, EAST)], *ends, ways) == [(2 * WEST, 2 * EAST)]


def test_a_way_that_goes_on_beyond_its_sign(table: Make) -> None:
    """On a way that passes a node, a sign about the way itself forbids going on, and one about turning that only."""
    made = table(CROSS, ([0, 1, 2], STREET), ([3, 1, 4], STREET))
    tail, head, way = np.array([0, 1, 3, 1]), np.array([1, 2, 1, 4]), np.array([0, 0, 1, 1])
    assert made.node.tolist() == [0, 1, 2, 3, 1, 4]
    assert forbidden_turns([turn(0, 0)], tail, head, way) == [(0, 2), (3, 1)]
    assert forbidden_turns([turn(0, 0, back=True)], tail, head, way) == [(0, 1), (3, 2)]


def at_end(streets: Streets, edge: int, share: float) -> Snaps:
    """Return the place at an end of an edge, by the name of that edge."""
    return Snaps(np.zeros((1, 2)), np.zeros(1), np.array([edge]), np.array([share]))


def test_a_junction_is_one_place_whatever_edge_names_it(table: Make) -> None:
    """Signs bind no place on a junction, whichever edge it is named by, and no limited edge joins two of them."""
    made = replace(table(CROSS, *ARMS), turns={Medium.ROAD: [turn(WEST, NORTH), turn(EAST, NORTH)]})
    streets = lay_streets(made, Medium.ROAD)
    north = streets.snap(np.array([(100.0, 50.0)]))
    edges = streets.edges
    middle = int(np.flatnonzero((edges.junction_xy_m() == (100.0, 0.0)).all(axis=1))[0])
    names = [
        (edge, float(end)) for end, at in enumerate((edges.tail, edges.head)) for edge in np.flatnonzero(at == middle)
    ]
    assert len(names) == 4
    for name in names:
        for pair in ((at_end(streets, *name), north), (north, at_end(streets, *name))):
            assert streets.legs(*pair, PACE).distance_m.item() == 50
    box = [(0.0, 0.0), (100.0, 0.0), (100.0, 50.0), (0.0, 50.0)]
    court = lay_streets(limited(table(box, ([0, 1], STREET), ([1, 2, 3, 0], STREET)), 0), Medium.ROAD)
    short = int(np.argmin(court.edges.length_m))
    for one, other in ((0.0, 1.0), (1.0, 0.0)):
        assert court.legs(at_end(court, short, one), at_end(court, short, other), PACE).distance_m.item() == 200


def limited(made: StreetTable, *ways: int) -> StreetTable:
    """Return streets some of whose ways are for those only who have business there."""
    flags = np.zeros((len(made.first) - 1, 2), bool)
    flags[list(ways)] = True
    return replace(made, limited={Medium.ROAD: flags})


def test_limited_streets_are_no_short_cut(table: Make) -> None:
    """A street for residents is driven to reach a place on it, from either end, and never to pass through."""
    box = [(0.0, 0.0), (100.0, 0.0), (100.0, 50.0), (0.0, 50.0), (-50.0, 0.0), (150.0, 0.0)]
    ways = [([0, 1], STREET), ([1, 2, 3, 0], STREET), ([4, 0], STREET), ([1, 5], STREET)]
    town = lay_streets(limited(table(box, *ways), 0), Medium.ROAD)
    west, east, inside = (-20.0, 0.0), (120.0, 0.0), (50.0, 0.0)
    assert metres(town, west, east) == metres(town, east, west) == 240
    assert metres(town, west, inside) == metres(town, inside, west) == 70
    assert metres(town, inside, (60.0, 0.0)) == 10
    # The corners belong to the streets open to all.
    assert metres(town, (0.0, 0.0), (100.0, 0.0)) == 200


def test_what_lies_beyond_limited_streets_is_reached(table: Make) -> None:
    """A street open to all that is reached only over one for residents is served, and is no short cut either."""
    xy = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (200.0, 90.0), (0.0, 900.0), (100.0, 90.0)]
    ways = [([4, 0, 1], STREET), ([1, 2], STREET), ([2, 3], STREET), ([1, 5], STREET)]
    town = lay_streets(limited(table(xy, *ways), 1), Medium.ROAD)
    assert town.left_out_parts == 0
    court = (200.0, 45.0)
    assert metres(town, (0.0, 0.0), court) == metres(town, court, (0.0, 0.0)) == 245
    assert metres(town, court, (150.0, 0.0)) == 95
    every = lay_streets(limited(table(xy, *ways), *range(4)), Medium.ROAD)
    assert metres(every, (0.0, 0.0), court) == 245
    assert not every.edges.limited.any()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 14), st.sampled_from([0.0, 0.15, 0.4]))
def test_ways_are_those_of_brute_force(seed: int, signs: int, closed: float) -> None:
    """On random streets with random signs the layer agrees with a search that knows whence one came and wherefore."""
    rng = np.random.default_rng(seed)
    made, tail, head = random_streets(rng, signs, closed)
    streets = lay_streets(made, Medium.ROAD)
    if not len(streets.edges.tail):
        return
    segment, share = rng.integers(len(tail), size=14), rng.uniform(0.05, 0.95, 14)
    places = made.xy_m[tail[segment]] + share[:, None] * (made.xy_m[head[segment]] - made.xy_m[tail[segment]])
    snaps = streets.snap(places)
    used = snaps.distance_m < 1e-6
    snaps = Snaps(snaps.xy_m[used], snaps.distance_m[used], snaps.edge[used], snaps.share[used])
    if not used.any():
        return
    want_s = brute_force(made, (tail, head), segment[used], share[used])
    got = streets.legs(snaps, snaps, PACE)
    np.testing.assert_allclose(got.duration_s, want_s, rtol=1e-9, atol=1e-9)
    assert len(streets.hierarchy.rank) == streets.edges.nodes
    swept = streets.legs(snaps, snaps, PACE)
    np.testing.assert_allclose(swept.duration_s, want_s, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(swept.distance_m, got.distance_m, rtol=1e-9, atol=1e-9)
    back = Snaps(*(getattr(snaps, name)[::-1] for name in ("xy_m", "distance_m", "edge", "share")))
    told = got.distance_m[np.arange(len(snaps.edge)), np.arange(len(snaps.edge))[::-1]]
    lengths = [np.hypot(*np.diff(line, axis=0).T).sum() for line in streets.paths(snaps, back, PACE)]
    np.testing.assert_allclose(lengths, told, rtol=1e-9, atol=1e-9)


def random_streets(rng: np.random.Generator, signs: int, closed: float) -> tuple[StreetTable, np.ndarray, np.ndarray]:
    """Return a bent grid of ways of one segment each, some one-way, some limited, some turns forbidden."""
    side = int(rng.integers(2, 5))
    number = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate([np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
                            np.column_stack([number[:-1].ravel(), number[1:].ravel()])])  # fmt: skip
    pairs = pairs[rng.random(len(pairs)) < 0.85]
    pairs = np.where(rng.random(len(pairs))[:, None] < 0.5, pairs, pairs[:, ::-1])
    tail, head = pairs.T
    xy_m = np.column_stack(np.divmod(np.arange(side * side), side)) * 100 + rng.normal(0, 20, (side * side, 2))
    allowed = np.ones((len(pairs), 2), bool)
    allowed[rng.random(len(pairs)) < 0.3, 1] = False
    speed = np.repeat(rng.uniform(2, 10, len(pairs))[:, None], 2, axis=1)
    flags = np.repeat(rng.random(len(pairs))[:, None] < closed, 2, axis=1) & allowed
    turns = []
    for _ in range(signs if len(pairs) else 0):
        start = int(rng.integers(len(pairs)))
        via = int(pairs[start, rng.integers(2)])
        around = np.flatnonzero((pairs == via).any(axis=1))
        end = int(rng.choice(around))
        turns.append(turn(start, end, via, only=bool(rng.random() < 0.3), back=start == end))
    first = 2 * np.arange(len(pairs) + 1)
    kinds = np.arange(len(pairs), dtype=np.int32), {Medium.ROAD: allowed}, speed, np.zeros(len(pairs), np.uint8)
    made = StreetTable(xy_m, first, pairs.ravel(), *kinds)
    return replace(made, limited={Medium.ROAD: flags}, turns={Medium.ROAD: turns}), tail, head


class Town:
    """Streets as directed segments, and what may follow what."""

    def __init__(self, made: StreetTable, ends: tuple[np.ndarray, np.ndarray]) -> None:
        allowed, self.flags = made.allowed[Medium.ROAD], made.limited[Medium.ROAD]
        self.arcs = [(s, way) for s in range(len(allowed)) for way in range(2) if allowed[s, way]]
        self.end = {(s, way): int(ends[1 - way][s]) for s, way in self.arcs}
        length = np.hypot(*(made.xy_m[ends[1]] - made.xy_m[ends[0]]).T)
        self.takes = {(s, way): length[s] / made.free_speed_mps[s, way] for s, way in self.arcs}
        self.out = defaultdict(list)
        self.meets = defaultdict(list)
        for s, way in self.arcs:
            self.out[int(ends[way][s])].append((s, way))
        for s in range(len(allowed)):
            for which, order in ((0, [0, 1]), (1, [1, 0])):
                seen = [(bool(allowed[s, k]), bool(self.flags[s, k])) for k in order]
                self.meets[int(ends[which][s])].append(seen)
        self.banned: set[tuple[int, int, int]] = set()
        for sign in made.turns[Medium.ROAD]:
            (one,), (other,) = sign.start, sign.end
            around = [s for s in range(len(allowed)) if sign.via[0] in (ends[0][s], ends[1][s])]
            self.banned |= {(one, sign.via[0], s) for s in around if (s != other if sign.only else s == other)}
        self.signed = {via for _, via, _ in self.banned}
        # What is open to all: the longest part of arcs that lead to each other without limited ones, within the town.
        graph: nx.DiGraph = nx.DiGraph((arc, then) for arc in self.arcs for then in self.follow(arc))
        town = heaviest(graph, length)
        self.inside = {s for s, _ in town}
        self.core = heaviest(graph.subgraph(arc for arc in town if not self.flags[arc]), length)
        if not self.core or not any(self.flags[arc] for arc in town):
            self.core = set(self.arcs)

    def follow(self, arc: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Yield what may follow; amid a street nobody turns round."""
        node = self.end[arc]
        amid = node not in self.signed and len(self.meets[node]) == 2 and (
            self.meets[node][0] == self.meets[node][1][::-1]
        )  # fmt: skip
        for then in self.out[node]:
            if (arc[0], node, then[0]) not in self.banned and not (then[0] == arc[0] and amid):
                yield then

    def reach(self, s: int, at: float) -> dict[tuple[tuple[int, int], int], float]:
        """Return when each arc is passed from a place: 0 not yet on what is open to all, 1 on it, 2 not any more."""
        best: dict[tuple[tuple[int, int], int], float] = {}
        heap: list[tuple[float, tuple[int, int], int]] = []
        for way, left in ((0, 1 - at), (1, at)):
            if (s, way) in self.takes:
                heappush(heap, (left * self.takes[s, way], (s, way), 1 if (s, way) in self.core else 0))
        while heap:
            t, arc, state = heappop(heap)
            if (arc, state) in best:
                continue
            best[arc, state] = t
            for then in self.follow(arc):
                open_now = then in self.core
                if then[0] in self.inside and not (state == 2 and open_now):
                    heappush(heap, (t + self.takes[then], then, 1 if open_now else (0 if state == 0 else 2)))
        return best


def brute_force(
    made: StreetTable, ends: tuple[np.ndarray, np.ndarray], segment: np.ndarray, share: np.ndarray
) -> np.ndarray:
    """Return the seconds between places on segments."""
    town, places = Town(made, ends), list(zip(segment.tolist(), share.tolist(), strict=True))
    seconds = np.full((len(places), len(places)), np.inf)
    for i, (s, at) in enumerate(places):
        best = town.reach(s, at)
        for j, (other, there) in enumerate(places):
            for way, done in ((0, there), (1, 1 - there)):
                if (other, way) in town.takes:
                    shut = 2 if (other, way) in town.core else -1
                    found = [
                        t for (arc, state), t in best.items() if state != shut and (other, way) in town.follow(arc)
                    ]
                    seconds[i, j] = min([seconds[i, j], *(t + done * town.takes[other, way] for t in found)])
                    gone = done - (at if way == 0 else 1 - at)
                    if s == other and gone >= 0:
                        seconds[i, j] = min(seconds[i, j], gone * town.takes[s, way])
    return seconds


def heaviest(graph: nx.DiGraph, length: np.ndarray) -> set[tuple[int, int]]:
    """Return the largest strongly connected part of arcs, by the length of their streets."""
    circles = [part for part in nx.strongly_connected_components(graph) if graph.subgraph(part).edges]
    return max(circles, key=lambda part: sum(length[s] for s in {s for s, _ in part}), default=set())
