"""Trafficrows: the rows of a user's table of traffic, each with every fault of its cells."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from doorstep.errors import Fault, InputError
from doorstep.network.roadclass import CLASS_NAMES
from doorstep.network.spreadsheet import clock_s, name_faults, number, read_cells
from doorstep.network.traffic import DAY_S, MOST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ALL = "all"
"""Stands for every class that has no rows of its own."""
COLUMNS = ("road_class", "lon", "lat", "hour", "from", "to", "factor")

Key = str | tuple[float, float]
"""A road class, or longitude and latitude of a place on a street."""


@dataclass(frozen=True, slots=True)
class Span:
    """One row: a factor from one time of day to another; NaN where its cells are at fault."""

    line: int
    from_s: float
    to_s: float
    factor: float


def read_spans(path: Path, faults: list[Fault]) -> Mapping[Key, list[Span]]:
    """Return the rows of a file by what they are about, and add their faults; InputError where it is no table."""
    table = read_cells(path, ", ".join(COLUMNS), "give each road class its hours", faults)
    _check_names(path, table.names)
    spans: dict[Key, list[Span]] = defaultdict(list)
    for line, row in table.rows:
        where = f"{path}, line {line}"
        key, hours, factor = _key(where, row, faults), _hours(where, row, faults), _factor(where, row, faults)
        if key is not None:
            spans[key].append(Span(line, *hours, factor))
    return spans


def _check_names(path: Path, names: list[str]) -> None:
    """Raise InputError with every fault of the line of names."""
    where = f"{path}, line 1"
    faults = name_faults(where, names, COLUMNS)
    if "factor" not in names:
        faults.append(Fault(where, "there is no column 'factor'", "give travel time by that at free flow", "no-column"))
    if ("hour" in names) == ("from" in names or "to" in names) or ("from" in names) != ("to" in names):
        faults.append(Fault(where, "hours are not told by one way", "give `hour`, or `from` and `to`", "no-column"))
    if not ("road_class" in names or {"lon", "lat"} <= set(names)) or ("lon" in names) != ("lat" in names):
        fix = "give `road_class`, or `lon` and `lat`, or all three"
        faults.append(Fault(where, "what the rows are about is not told", fix, "no-column"))
    if faults:
        raise InputError(faults)


def _key(where: str, row: Mapping[str, str], faults: list[Fault]) -> Key | None:
    """Return what a row is about."""
    kind, lon, lat = (row.get(name, "") for name in ("road_class", "lon", "lat"))
    if bool(kind) == bool(lon or lat):
        what = "names both a road class and a place" if kind else "names neither a road class nor a place"
        faults.append(Fault(where, what, "give one of them", "row-key"))
    elif kind in CLASS_NAMES or kind == ALL:
        return kind
    elif kind:
        near = get_close_matches(kind, CLASS_NAMES, n=1)
        fix = f"did you mean '{near[0]}'?" if near else f"one of: {', '.join(CLASS_NAMES)}, {ALL}"
        faults.append(Fault(where, f"no road class is called '{kind}'", fix, "unknown-class"))
    else:
        place = number(lon), number(lat)
        if abs(place[0]) <= 180 and abs(place[1]) <= 90:  # noqa: PLR2004 - degrees
            return place
        faults.append(Fault(where, f"'{lon}', '{lat}' is no place", "give longitude and latitude", "bad-place"))
    return None


def _hours(where: str, row: Mapping[str, str], faults: list[Fault]) -> tuple[float, float]:
    """Return from when to when a row holds, whole seconds since midnight; NaN where that is no span."""
    texts = [row["hour"]] if "hour" in row else [row["from"], row["to"]]
    clocks_s = [clock_s(text) for text in texts]
    wrong = [text for text, second in zip(texts, clocks_s, strict=True) if not 0 <= second <= DAY_S]
    for text in wrong:
        fix = "give hours from 0 to 24, such as 7, 7.5 or 07:30"
        faults.append(Fault(where, f"'{text}' is no hour of a day", fix, "bad-hour"))
    if wrong:
        return math.nan, math.nan
    begin_s, end_s = clocks_s if len(clocks_s) > 1 else (clocks_s[0], clocks_s[0] + 3600)
    if not begin_s < end_s <= DAY_S:
        what = f"from {begin_s / 3600:g} to {end_s / 3600:g} h is no span of a day"
        fix = "split spans at midnight: 22 to 24 and 0 to 6"
        if "hour" in row:
            fix = "name each hour by its begin, 0 to 23"
        faults.append(Fault(where, what, fix, "bad-span"))
        return math.nan, math.nan
    return begin_s, end_s


def _factor(where: str, row: Mapping[str, str], faults: list[Fault]) -> float:
    """Return the factor of a row, NaN where there is none."""
    factor = number(row["factor"])
    if 1 / MOST <= factor <= MOST:
        return factor
    fix = f"give travel time divided by that at free flow, {1 / MOST:g} to {MOST:g}, with a decimal point"
    faults.append(Fault(where, f"'{row['factor']}' is no factor", fix, "bad-factor"))
    return math.nan
