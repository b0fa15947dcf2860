"""Trafficfile: time factors of a user's own, from a CSV table by road class, or by street, and hour."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.bounds import whereabouts
from doorstep.network.counting import counted
from doorstep.network.given import given_path
from doorstep.network.hours.trafficrows import ALL, read_spans
from doorstep.network.network import Medium
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.traffic import DAY_S, Traffic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from doorstep.network.hours.trafficrows import Key, Span
    from doorstep.network.network import Network

NEAR_M = 25.0
"""A place counts as on a street that is no farther: half the width of a wide one, and some error of its position."""
MAP_M = 1000.0
"""A place further off the map is asked whether its degrees are swapped."""
MOST_FAULTS = 20


def read_traffic(path: str | Path, network: Network | None = None) -> Traffic:
    """Return the traffic of a CSV file with one row a road class, or street, and span of hours.

    Columns: `road_class` (or `all` for the others), or `lon` and `lat` of a place on a street; `from` and `to` as hours
    or `HH:MM`, or one `hour` from its begin to the next; `factor`, travel time divided by that at free flow. Each class
    or street has rows for the whole day. A place stands for its street from junction to junction, both directions, and
    for motor vehicles only; with places, `network` is needed.

    Raises
    ------
    InputError
        With every fault found: unknown columns and classes, hours outside of 0 to 24, gaps, overlaps, rows given twice,
        factors that are none, places far from any street.
    """
    path = given_path(path)
    faults: list[Fault] = []
    spans = read_spans(path, faults)
    for key, row in spans.items():
        if not any(math.isnan(span.from_s) for span in row):  # a day with a bad hour has gaps for sure
            _check_day(path, key, row, faults)
    streets = [key for key in spans if not isinstance(key, str)]
    edge = _edges(path, streets, spans, network, faults)
    if faults:
        rest = len(faults) - MOST_FAULTS
        more = [Fault("", f"and {rest} more", "mend these first", "more")] if rest > 0 else []
        raise InputError([*faults[:MOST_FAULTS], *more])
    return _traffic(path, spans, edge)


def _check_day(path: Path, key: Key, row: list[Span], faults: list[Fault]) -> None:
    """Add what is wrong with the day that the rows of a class or street make."""
    end_s, before = 0.0, None
    for span in sorted(row, key=lambda span: (span.from_s, span.to_s, span.line)):
        where = f"{path}, line {span.line}"
        if before and (span.from_s, span.to_s) == (before.from_s, before.to_s):
            faults.append(Fault(where, f"says again what line {before.line} does", "keep one of them", "duplicate-row"))
        elif before and span.from_s < end_s:
            what, fix = f"overlaps with line {before.line}", "end one where the other begins"
            faults.append(Fault(where, what, fix, "overlap"))
        elif span.from_s > end_s:
            _add_gap(path, key, (end_s, span.from_s), faults)
        if span.to_s > end_s:
            end_s, before = span.to_s, span
    if end_s < DAY_S:
        _add_gap(path, key, (end_s, DAY_S), faults)


def _add_gap(path: Path, key: Key, span: tuple[float, float], faults: list[Fault]) -> None:
    """Add that a span of the day has no factor."""
    name = key if isinstance(key, str) else f"the street at {key[0]:g}, {key[1]:g}"
    what = f"{name} has no factor from {_told(span[0])} to {_told(span[1])}"
    faults.append(Fault(str(path), what, "give a row for it", "gap"))


def _told(clock_s: float) -> str:
    return f"{int(clock_s // 3600):02}:{round(clock_s % 3600) // 60:02}"


def _edges(
    path: Path,
    places: list[tuple[float, float]],
    spans: Mapping[Key, list[Span]],
    network: Network | None,
    faults: list[Fault],
) -> tuple[list[int], int]:
    """Return the road edge that each place stands for, and how many there are."""
    from doorstep.network.streets import Streets

    if not places:
        return [], 0
    lines = [spans[place][0].line for place in places]
    streets = network.layers.get(Medium.ROAD) if network else None
    if network is None or not isinstance(streets, Streets):
        where = f"{path}, line {lines[0]}"
        faults.append(Fault(where, "names a place, but no map is given", "give the network", "no-network"))
        return [], 0
    snaps = streets.snap(network.project(np.array(places)))
    first: dict[int, int] = {}
    for place, line, edge, away_m in zip(places, lines, snaps.edge.tolist(), snaps.distance_m.tolist(), strict=True):
        where = f"{path}, line {line}"
        if not away_m <= NEAR_M:
            what = f"is {away_m:.0f} m from the next street" if math.isfinite(away_m) else "lies on a map without roads"
            fix = f"give a place within {NEAR_M:g} m of its middle"
            off = whereabouts(network, np.array([place]), MAP_M)
            faults.append(Fault(where, what, off[0][2] if off and "swap" in off[0][2] else fix, "off-street"))
        elif edge in first:
            what = f"is on the street of line {first[edge]}, between the same junctions"
            faults.append(Fault(where, what, "keep one of the places", "duplicate-street"))
        first.setdefault(edge, line)
    return snaps.edge.tolist(), len(streets.edges.tail)


def _traffic(path: Path, spans: Mapping[Key, list[Span]], edge: tuple[list[int], int]) -> Traffic:
    """Return sound rows as traffic, with every time at which any of them changes as a break."""
    break_s = np.unique([0.0, DAY_S, *(s for row in spans.values() for span in row for s in (span.from_s, span.to_s))])
    streets = [key for key in spans if not isinstance(key, str)]
    columns: list[Key] = [name if name in spans else ALL for name in CLASS_NAMES]
    factor = np.ones((len(break_s) - 1, len(columns) + len(streets)))
    for column, key in enumerate([*columns, *streets]):
        for span in spans.get(key, []):
            factor[(break_s[:-1] >= span.from_s) & (break_s[:-1] < span.to_s), column] = span.factor
    notes = [f"{path.name}: {counted(sum(map(len, spans.values())), 'factor', 'factors')}"]
    missing = [name for name in CLASS_NAMES if name not in spans]
    if missing and ALL in spans:
        notes.append(f"classes without rows of their own have those of `{ALL}`: {', '.join(missing)}")
    elif missing:
        notes.append(f"classes that the table does not name flow freely at every hour: {', '.join(missing)}")
    if not streets:
        return Traffic(path.stem, break_s, factor, tuple(notes))
    own = np.full(edge[1], -1)
    own[edge[0]] = len(CLASS_NAMES) + np.arange(len(streets))
    notes.append(f"{counted(len(streets), 'street')} with factors of a place, for motor vehicles in both directions")
    return Traffic(path.stem, break_s, factor, tuple(notes), own)
