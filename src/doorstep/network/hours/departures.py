"""Departures: exact journeys through a day's traffic for given times of departure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.graph.ends import Ends, Marks, entries, exits, mark_places
from doorstep.network.graph.trace import NOTHING, best_way, draw_line
from doorstep.network.hours.clocksearch import Hooks, come_in, fill_journeys, go_along, grow_by_clock, set_out
from doorstep.network.hours.stretches import lay_stretches
from doorstep.network.network import Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from doorstep.network.graph.edges import Edges
    from doorstep.network.network import Snaps
    from doorstep.network.streets import Streets
    from doorstep.network.traffic import Traffic

LATEST_S = 1e9
"""Some thirty years: times beyond are no seconds since midnight but those of another calendar."""


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """The earliest arrivals of k departures from n origins to m destinations; infinite where there is no way."""

    depart_s: NDArray[np.float64]
    """[k] seconds since midnight."""
    arrival_s: NDArray[np.float64]
    """[k, n, m] seconds since the same midnight."""
    distance_m: NDArray[np.float64]
    """[k, n, m] metres along the journey; of those that arrive at the same time, the shorter."""

    @property
    def duration_s(self) -> NDArray[np.float64]:
        """Seconds under way [k, n, m]."""
        return self.arrival_s - self.depart_s[:, None, None]


def journeys(
    streets: Streets,
    origins: Snaps,
    destinations: Snaps,
    max_speed_mps: float,
    traffic: Traffic,
    depart_s: ArrayLike,
) -> Journeys:
    """Return the earliest arrivals from every origin at every time of departure [k], exact for the traffic's speeds.

    Clock times are seconds since midnight, of the day itself or any other. The profile alone slows streets: a factor
    that a scenario states for all hours has no part in it. Raises InputError for speeds and times that are none.
    """
    clocks_s = _clocks(depart_s, max_speed_mps)
    road = lay_stretches(streets, traffic, max_speed_mps)
    (_, out), (_, to) = _hang(streets.edges, origins, destinations, max_speed_mps)
    found = fill_journeys(
        _graph(streets.edges), road, (streets.edges.allowed, streets.edges.limited), out, to, clocks_s
    )
    return Journeys(clocks_s, *found)


def journey_lines(
    streets: Streets,
    origins: Snaps,
    destinations: Snaps,
    max_speed_mps: float,
    traffic: Traffic,
    depart_s: ArrayLike,
) -> Sequence[NDArray[np.float64]]:
    """Return the line [p, 2] from the k-th origin at the k-th departure to the k-th destination, metres.

    They are the very journeys that `journeys` tells of; empty where there is no way. Raises InputError for speeds and
    times that are none, or not as many as places.
    """
    clocks_s, edges = _clocks(depart_s, max_speed_mps), streets.edges
    if not len(origins.edge) == len(destinations.edge) == len(clocks_s):
        what = f"{len(clocks_s)} times for {len(origins.edge)} origins and {len(destinations.edge)} destinations"
        raise InputError.of("depart_s", what, "give one of each for every line", "depart-count")
    road = lay_stretches(streets, traffic, max_speed_mps)
    (out_marks, out), (to_marks, to) = _hang(edges, origins, destinations, max_speed_mps)
    labels = (np.empty(edges.nodes), np.empty(edges.nodes), np.empty(edges.nodes, np.int64))
    heap = (np.empty(len(edges.arc) + 2), np.empty(len(edges.arc) + 2, np.int64))
    tails = edges.arc_tail()
    lines = [NOTHING] * len(clocks_s)
    for row, clock_s in enumerate(clocks_s.tolist()):
        if out.edge[row] < 0 or to.edge[row] < 0:
            continue
        wanted = np.zeros(edges.nodes, bool)
        wanted[to.node[row][to.node[row] >= 0]] = True
        start_s = set_out(road, out, row, clock_s)
        grow_by_clock(_graph(edges), road, (out.node[row], start_s, out.distance_m[row]), wanted, labels, heap)
        # What `draw_line` adds to the clock at a junction: the rest of the way, by that clock.
        at_s = [float(labels[0][node]) if node >= 0 else np.inf for node in to.node[row]]
        rest_s = [come_in(road, to, row, k, t) - t if t < np.inf else np.inf for k, t in enumerate(at_s)]
        leave = Ends(out.node[[row]], start_s[None, :], out.distance_m[[row]])
        enter = Ends(to.node[[row]], np.array([rest_s]), to.distance_m[[row]])
        direct = go_along(road, (edges.allowed, edges.limited), (out, row), (to, row), clock_s)
        marks = _only(out_marks, row), _only(to_marks, row)
        lines[row] = draw_line(edges, marks, leave, 0, direct, best_way(labels, tails, enter, 0))
    return lines


def _clocks(depart_s: ArrayLike, max_speed_mps: float) -> NDArray[np.float64]:
    """Return times of departure [k]; InputError with every fault of them and of the speed."""
    faults = []
    try:
        clocks_s = np.atleast_1d(np.asarray(depart_s, float))
    except (TypeError, ValueError):
        clocks_s = np.array([np.nan])
    if clocks_s.ndim != 1 or not (np.abs(clocks_s) <= LATEST_S).all():
        what = "times of departure are no row of numbers, or beyond thirty years"
        faults.append(Fault("depart_s", what, "give seconds since midnight", "depart-time"))
    try:
        Pace(max_speed_mps)
    except InputError as wrong:
        faults += wrong.faults
    if faults:
        raise InputError(faults)
    return clocks_s


def _graph(edges: Edges) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return where the arcs of each junction begin, where they lead, and through which edges."""
    return edges.arc_begin, edges.arc_head, edges.arc


def _hang(
    edges: Edges, origins: Snaps, destinations: Snaps, max_speed_mps: float
) -> tuple[tuple[Marks, Hooks], tuple[Marks, Hooks]]:
    """Return how origins and destinations hang on the junctions."""
    still_s = edges.clock_s(Pace(max_speed_mps))
    out, to = mark_places(edges, origins, still_s), mark_places(edges, destinations, still_s)
    leave, enter = exits(edges, out), entries(edges, to)
    return (out, _hooks(out, leave)), (to, _hooks(to, enter))


def _hooks(marks: Marks, ends: Ends) -> Hooks:
    return Hooks(marks.edge.astype(np.int64), marks.before_m, ends.node.astype(np.int64), ends.distance_m)


def _only(marks: Marks, row: int) -> Marks:
    """Return one place of several."""
    one = [row]
    return Marks(
        marks.edge[one],
        marks.share[one],
        *(marks.before_s[one], marks.after_s[one]),
        *(marks.before_m[one], marks.after_m[one]),
    )
