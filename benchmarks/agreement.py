"""Agreement: whether Doorstep and osmnx find the same shortest times on one extract, and which rule parts them if not.

osmnx gets the ways that its own filter for `drive` leaves, and the free speeds that Doorstep gives them, so that only
what each lets through differs: ways, directions, barriers and turns. Where times differ, the first step of the faster
way that the slower side lacks is looked up, and the tag without which that side would let it through names the rule.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


Tags = dict[str, str]
Key = tuple[int, int]
"""Longitude and latitude of a node in 1e-7 degrees: what both sides know it by."""
Step = tuple[Key, Key]
Route = list[Key]

CLOSE = 0.01
"""Share by which times may differ; osmnx measures on a sphere, Doorstep in a projection."""
ONE_WAY = frozenset(("yes", "true", "1", "-1", "reverse", "T", "F"))
BACKWARD = frozenset(("-1", "reverse", "T"))
"""Values of `oneway` as osmnx takes them."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What an extract says of streets."""

    place: dict[int, Key]
    """By node."""
    ways: dict[int, tuple[list[int], Tags]]
    """Nodes and tags; a way that lacks nodes is there in pieces with made-up numbers."""
    barriers: set[Key]
    """Where something stops a van."""
    turns: list[tuple[str, list[int], Key | None]]
    """Kind of each restriction, its ways from the first to the last, and the node where it holds, if one."""

    def owners(self) -> dict[Step, list[int]]:
        """Return the ways over every step, in either direction."""
        found: dict[Step, list[int]] = {}
        for name, (refs, _) in self.ways.items():
            for a, b in pairwise(refs):
                for step in ((self.place[a], self.place[b]), (self.place[b], self.place[a])):
                    found.setdefault(step, []).append(name)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One tool's answers."""

    steps: set[Step]
    """All that may be gone."""
    seconds: Callable[[Sequence[Key], Sequence[Key]], np.ndarray]
    """Times of pairs."""
    route: Callable[[Key, Key], Route]
    opens: Callable[[Tags, bool], bool]
    """Whether it lets a way through, forward or backward, by its tags."""
    limited: set[Step]
    """All that may be gone only to reach places there."""
    cut_off: set[Step]
    """All that is left out, since it cannot be reached and left again with the turns that are allowed."""


def compare_times(extract: Path, seed: int, n: int = 200) -> dict[str, Any]:
    """Return how many of n random pairs agree within 1 %, which rules part the others, and what no rule explains."""
    source = read_source(extract)
    ours, junctions = _doorstep(extract)
    theirs, nodes = _osmnx(source)
    shared = sorted(junctions & nodes)
    rng = np.random.default_rng(seed)
    start, end = ([shared[k] for k in rng.integers(len(shared), size=n)] for _ in range(2))
    our_s, their_s = ours.seconds(start, end), theirs.seconds(start, end)
    reached = np.isfinite(our_s) & np.isfinite(their_s)
    gap = np.where(our_s == their_s, 0.0, np.inf)
    gap[reached] = np.abs(our_s - their_s)[reached] / np.maximum(np.maximum(our_s, their_s)[reached], 1e-9)
    owners = source.owners()
    rules: dict[str, int] = {}
    puzzles = []
    for k in np.flatnonzero(gap > CLOSE).tolist():
        sides = (ours, theirs, "osmnx") if our_s[k] < their_s[k] else (theirs, ours, "doorstep")
        rule = _rule(sides[0].route(start[k], end[k]), sides[1], source, owners)
        if rule is None:
            puzzles.append((start[k], end[k], float(our_s[k]), float(their_s[k])))
        else:
            told = f"{sides[2]} refuses: {rule}"
            rules[told] = rules.get(told, 0) + 1
    return {
        "name": "agreement",
        "tool": "osmnx",
        "n": n,
        "agree": int((gap <= CLOSE).sum()),
        "explained": dict(sorted(rules.items(), key=lambda item: (-item[1], item[0]))),
        "unexplained": len(puzzles),
        "puzzles": puzzles[:5],
        "largest_gap": float(gap[gap <= CLOSE].max(initial=0.0)),
    }


def read_source(extract: Path) -> Source:
    """Return the streets of an extract as pyosmium reads them."""
    import osmium

    from doorstep.network.network import Medium
    from doorstep.network.rules.barriers import barrier_stops

    place: dict[int, Key] = {}
    ways: dict[int, tuple[list[int], Tags]] = {}
    barriers, turns = set(), []
    things: Any = osmium.FileProcessor(str(extract))
    for thing in things:
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node():
            place[thing.id] = (thing.location.x, thing.location.y)
            if "barrier" in tags or "access" in tags:
                stops = barrier_stops(tags)
                if Medium.ROAD in stops:
                    barriers.add(place[thing.id])
        elif thing.is_way() and "highway" in tags:
            ways[thing.id] = ([node.ref for node in thing.nodes], tags)
        elif thing.is_relation() and tags.get("type", "").startswith("restriction"):
            parts: dict[str, list[Any]] = {"from": [], "via": [], "to": []}
            for member in thing.members:
                parts.get(member.role, []).append(member)
            chain = [member.ref for role in parts.values() for member in role if member.type == "w"]
            at = [place.get(member.ref) for member in parts["via"] if member.type == "n"]
            turns.append((tags.get("restriction", ""), chain, at[0] if at else None))
    needed = {ref for refs, _ in ways.values() for ref in refs}
    place = {name: key for name, key in place.items() if name in needed}
    return Source(place, dict(_whole(ways, place)), barriers, turns)


def _whole(
    ways: dict[int, tuple[list[int], Tags]], place: dict[int, Key]
) -> Iterable[tuple[int, tuple[list[int], Tags]]]:
    """Yield ways whose nodes are all there, and the pieces of the others."""
    made_up = max(ways, default=0)
    for name, (refs, tags) in ways.items():
        piece: list[int] = []
        whole = all(ref in place for ref in refs)
        for ref in [*refs, None]:
            if ref in place:
                piece.append(ref)
            elif len(piece) > 1:
                made_up += 1
                yield (name if whole else made_up), (piece, tags)
                piece = []
            else:
                piece = []


def _rule(route: Route, slower: Side, source: Source, owners: dict[Step, list[int]]) -> str | None:
    """Return the rule by which one side cannot go the other's way; None if there is none."""
    for step in pairwise(route):
        if step in slower.steps:
            continue
        for name in owners.get(step, []):
            refs, tags = source.ways[name]
            forward = step in {(source.place[a], source.place[b]) for a, b in pairwise(refs)}
            if not slower.opens(tags, forward):
                return _blame(tags, forward, slower)
    if any(key in source.barriers for key in route[1:-1]):
        return "barrier"
    if any(step in slower.cut_off for step in pairwise(route)):
        return "cannot be reached and left again"
    if any(step in slower.limited for step in pairwise(route)):
        return "only to reach places there"
    return "turn restriction" if _turns_badly(route, source, owners) else None


def _blame(tags: Tags, forward: bool, side: Side) -> str:
    """Return the tag without which a way would be let through, or else its class."""
    for key in tags:
        if key != "highway" and side.opens({name: value for name, value in tags.items() if name != key}, forward):
            return key if key in {"oneway", "junction"} else f"{key}={tags[key]}"
    return f"highway={tags['highway']}"


def _turns_badly(route: Route, source: Source, owners: dict[Step, list[int]]) -> bool:
    """Return whether a way takes a turn that a restriction of the extract forbids."""
    over = [set(owners.get(step, [])) for step in pairwise(route)]
    for kind, chain, at in source.turns:
        for k, key in enumerate(route[1:-1]):
            if len(chain) < 2 or chain[0] not in over[k] or (at is not None and key != at):  # noqa: PLR2004 - a turn
                continue
            onward = [ways for ways in over[k + 1 :] if chain[0] not in ways]
            follows = any(chain[-1] in ways for ways in (over[k + 1 : k + 2] if at else onward[: len(chain) * 50]))
            if kind.startswith("no_") and follows:
                return True
            if kind.startswith("only_") and not follows:
                return True
    return False


def _doorstep(extract: Path) -> tuple[Side, set[Key]]:
    """Return our side, and the places of its junctions; those that a barrier parts are left out."""
    from doorstep.network.access import drive
    from doorstep.network.extract import read_extract
    from doorstep.network.network import Medium, Pace

    network = read_extract(extract)
    streets: Any = network.layers[Medium.ROAD]
    edges, pace = streets.edges, Pace(99.0)
    rounded = np.rint(network.unproject(edges.point_xy_m) * 1e7).astype(np.int64).tolist()
    key_of = [(lon, lat) for lon, lat in rounded]
    steps: set[Step] = set()
    limited: set[Step] = set()
    for edge in range(len(edges.tail)):
        run = key_of[edges.first[edge] : edges.first[edge + 1]]
        for back, line in enumerate((run, run[::-1])):
            if edges.allowed[edge, back]:
                steps.update(pairwise(line))
            if edges.limited[edge, back]:
                limited.update(pairwise(line))
    spot: dict[Key, tuple[int, float]] = {}
    names: dict[Key, set[int]] = {}
    for share, nodes, points in ((0.0, edges.tail, edges.first[:-1]), (1.0, edges.head, edges.first[1:] - 1)):
        for edge, (node, point) in enumerate(zip(nodes.tolist(), points.tolist(), strict=True)):
            spot[key_of[point]] = (edge, share)
            names.setdefault(key_of[point], set()).add(node)

    def seconds(start: Sequence[Key], end: Sequence[Key]) -> np.ndarray:
        legs = streets.legs(_snaps(spot, start), _snaps(spot, end), pace)
        return np.diagonal(legs.duration_s).copy()

    def route(start: Key, end: Key) -> Route:
        (line,) = streets.paths(_snaps(spot, [start]), _snaps(spot, [end]), pace)
        return [(lon, lat) for lon, lat in np.rint(network.unproject(line) * 1e7).astype(np.int64).tolist()]

    def opens(tags: Tags, forward: bool) -> bool:
        return drive(tags)[0 if forward else 1]

    out = np.rint(network.unproject(streets.left_out_xy_m.reshape(-1, 2)) * 1e7).astype(np.int64).reshape(-1, 2, 2)
    cut_off: set[Step] = {((a, b), (c, d)) for (a, b), (c, d) in (*out.tolist(), *out[:, ::-1].tolist())}
    return Side(steps, seconds, route, opens, limited, cut_off), {
        key for key, nodes in names.items() if len(nodes) == 1
    }


def _snaps(spot: dict[Key, tuple[int, float]], keys: Sequence[Key]) -> Any:
    """Return junctions as places on the layer."""
    from doorstep.network.network import Snaps

    edge, share = (np.array(column) for column in zip(*(spot[key] for key in keys), strict=True))
    return Snaps(np.zeros((len(keys), 2)), np.zeros(len(keys)), edge, share)


def _osmnx(source: Source) -> tuple[Side, set[Key]]:
    """Return the side of osmnx, at the speeds of Doorstep, and the places of its nodes."""
    import osmnx
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    from doorstep.network.rules.speed import free_speeds_mps

    filters = _drive_filter()

    def opens(tags: Tags, forward: bool) -> bool:
        if not all(test(tags) for test in filters):
            return False
        single = tags.get("oneway") in ONE_WAY or tags.get("junction") == "roundabout"
        return not single or forward != (tags.get("oneway") in BACKWARD)

    let_in = {name: way for name, way in source.ways.items() if all(test(way[1]) for test in filters)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "drive.osm"
        _write(file, source, let_in)
        graph = osmnx.graph_from_xml(file, simplify=False)
    names = list(graph.nodes)
    row = {name: k for k, name in enumerate(names)}
    key_of = [source.place[name] for name in names]
    row_of = {key: k for k, key in enumerate(key_of)}
    best: dict[tuple[int, int], float] = {}
    onward = {name: set(pairwise(refs)) for name, (refs, _) in let_in.items()}
    speeds = {name: free_speeds_mps(tags) for name, (_, tags) in let_in.items()}
    for a, b, data in graph.edges(data=True):
        name = data["osmid"]
        took_s = data["length"] / speeds[name][0 if (a, b) in onward[name] else 1]
        arc = row[a], row[b]
        best[arc] = min(best.get(arc, np.inf), took_s)
    tail, head = np.array(list(best)).reshape(-1, 2).T
    arcs = csr_array((np.array(list(best.values())), (tail, head)), shape=(len(names), len(names)))

    def seconds(start: Sequence[Key], end: Sequence[Key]) -> np.ndarray:
        found = [dijkstra(arcs, indices=row_of[a])[row_of[b]] for a, b in zip(start, end, strict=True)]
        return np.array(found)

    def route(start: Key, end: Key) -> Route:
        _, before = dijkstra(arcs, indices=row_of[start], return_predecessors=True)
        back = [row_of[end]]
        while back[-1] != row_of[start]:
            back.append(int(before[back[-1]]))
        return [key_of[k] for k in reversed(back)]

    steps = {(key_of[a], key_of[b]) for a, b in best}
    return Side(steps, seconds, route, opens, set(), set()), set(key_of)


def _drive_filter() -> list[Callable[[Tags], bool]]:
    """Return the tests of ways in the filter for `drive` of osmnx, which it leaves to the server it asks."""
    from osmnx import _overpass

    text = _overpass._get_network_filter("drive")  # noqa: SLF001 - nowhere else
    return [_test(*found) for found in re.findall(r'\["([^"]+)"(?:!~"([^"]+)")?\]', text)]


def _test(key: str, refused: str) -> Callable[[Tags], bool]:
    """Return the test that a key is there, or that no value of it is refused."""
    if not refused:
        return lambda tags: key in tags
    return lambda tags: not re.search(refused, tags.get(key, ""))


def _write(file: Path, source: Source, ways: dict[int, tuple[list[int], Tags]]) -> None:
    """Write some ways with their nodes."""
    import osmium

    with osmium.SimpleWriter(str(file)) as writer:
        for name in sorted({ref for refs, _ in ways.values() for ref in refs}):
            x, y = source.place[name]
            writer.add_node(osmium.osm.mutable.Node(id=name, version=1, location=(x / 1e7, y / 1e7)))
        for name, (refs, tags) in ways.items():
            writer.add_way(osmium.osm.mutable.Way(id=name, version=1, nodes=refs, tags=tags))
