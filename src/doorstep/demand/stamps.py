"""Stamps: when past orders were placed, read from text and told on one clock."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import OrderError
from doorstep.network.counting import counted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Whole = NDArray[np.int64]

DAY_S, HOUR_S = 86_400, 3600
MOST_S = 230 * 366 * DAY_S
"""Times after the year 2200, or before 1970, are slips of the pen."""
_FULL = r"\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|[+-](?:0\d|1[0-5]):?[0-5]\d))?"
"""Clocks are less than 16 hours from UTC, as PostgreSQL takes them to be; `+99:00` is a slip of the pen."""
_YEARLESS = r"\d{1,2}-\d{1,2} \d{1,2}:\d{2}(?::\d{2})?"
_LEAP = 2000
"""Stands for the year of stamps that name none, as it has every day that a year may have."""
USUAL_YEAR, LEAP_YEAR = 2022, 2024
"""Taken where stamps name no year (with 29 February: the second); weekdays are then those of that year."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """Times as they are written: clock times of nobody in particular, and how far they are from UTC if they say so."""

    wall_s: Whole
    """[n] seconds since 1970 of the clock that is written, whatever its zone."""
    offset_s: Real
    """[n] that clock is ahead of UTC; NaN where nothing is said."""
    yearless: NDArray[np.bool_]
    """[n] true where no year is written."""
    good: NDArray[np.bool_]
    """[n] false where there is no such time."""


def read_stamps(texts: pd.Series) -> Stamps:
    """Return the times of texts such as `2024-05-01 18:30`, with seconds or an offset, or `05-01 18:30:00`."""
    import pandas as pd

    full = texts.str.fullmatch(_FULL).to_numpy(bool)
    yearless = texts.str.fullmatch(_YEARLESS).to_numpy(bool)
    plain = texts.str.replace("T", " ", regex=False).where(~yearless, f"{_LEAP}-" + texts)
    bare = plain.str.extract(r"^(\d+-\d+-\d+ \d+:\d+(?::\d+)?)", expand=False)
    bare = bare.where(bare.str.count(":").fillna(0) > 1, bare + ":00")
    found = pd.to_datetime(bare, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    good = (full | yearless) & found.notna().to_numpy()
    wall = np.where(good, found.to_numpy().astype("datetime64[s]").astype(np.int64), 0)
    good &= (wall >= DAY_S) & (wall < MOST_S)
    parts = texts.str.extract(r":\d+(?:\.\d+)? ?(?:(Z)|([+-])(\d{2}):?(\d{2}))$")
    hours, minutes = (pd.to_numeric(parts[k], errors="coerce").to_numpy(float) for k in (2, 3))
    offset = np.where(parts[1].to_numpy() == "-", -1, 1) * (hours * HOUR_S + minutes * 60)
    offset = np.where(parts[0].notna().to_numpy(), 0.0, offset)
    return Stamps(wall, np.where(full, offset, np.nan), yearless, good)


def joined(parts: list[Stamps]) -> Stamps:
    """Return stamps of several pieces as one."""
    columns = zip(*((p.wall_s, p.offset_s, p.yearless, p.good) for p in parts), strict=True)
    return Stamps(*(np.concatenate(column) for column in columns))


def on_one_clock(stamps: Stamps, where: str, zone: str | None, year: int | None) -> tuple[Whole, tuple[str, ...]]:
    """Return clock times [n] in seconds since 1970 on one local clock, and notes on what was taken for granted.

    OrderError where only some name a year, where offsets differ and no zone is told, or where the zone is unknown.
    """
    notes: list[str] = []
    wall = stamps.wall_s
    if stamps.yearless.any():
        if not stamps.yearless.all():
            what = "some times name a year and some do not"
            raise OrderError.of(where, what, "write all of them as 2024-05-01 18:30", "mixed-years")
        wall, told = _dated(wall, where, year)
        notes.append(told)
    told_offset = np.isfinite(stamps.offset_s)
    if zone is not None:
        wall, repaired = _in_zone(wall, stamps.offset_s, where, zone)
        notes += repaired
    elif told_offset.any():
        offsets = sorted(set(stamps.offset_s[told_offset].tolist()))
        fix = "say whose clock the hours are, as in `zone: Europe/Helsinki` (`--zone`)"
        if not told_offset.all():
            what = "some times name their distance from UTC and some do not"
            raise OrderError.of(where, what, fix, "mixed-offsets")
        if len(offsets) > 1:
            what = f"times are at several distances from UTC: {', '.join(map(_utc, offsets[:5]))}"
            raise OrderError.of(where, what, fix, "mixed-offsets")
        notes.append(f"hours are those of the clock that is written, {_utc(offsets[0])} all year (`zone` changes that)")
    else:
        notes.append("hours are those of the clock that is written; its changes in spring and autumn are not known")
    return wall, tuple(notes)


def hours_of(first_day: int, days: int, zone: str | None) -> Real:
    """Return how long each hour lasts [days, 24], hours: 1, and in a zone 0 or 2 where the clock changes."""
    if not zone:
        return np.ones((days, 24))
    import pandas as pd

    quarter = np.arange((first_day - 1) * DAY_S, (first_day + days + 1) * DAY_S, 900)
    local = pd.to_datetime(quarter, unit="s", utc=True).tz_convert(zone).tz_localize(None)
    hour = local.to_numpy().astype("datetime64[h]").astype(np.int64) - first_day * 24
    inside = (hour >= 0) & (hour < 24 * days)
    return np.bincount(hour[inside], minlength=24 * days).reshape(days, 24) / 4.0


def _in_zone(wall: Whole, offset_s: Real, where: str, zone: str) -> tuple[Whole, list[str]]:
    """Return clock times of a zone; times in an hour that its clock leaves out are moved on to the next."""
    import zoneinfo

    import pandas as pd

    known = zoneinfo.available_timezones()
    if zone not in known:
        near = get_close_matches(zone, sorted(known), n=1) or [
            k for k in sorted(known) if zone.strip() and zone.lower() in k.lower()
        ]
        fix = f"did you mean '{near[0]}'?" if near else "write it as in Europe/Helsinki"
        raise OrderError.of(where, f"there is no time zone '{zone}'", fix, "unknown-zone")
    aware = np.isfinite(offset_s)
    found, notes = wall.copy(), []
    if aware.any():
        utc = pd.to_datetime(wall[aware] - offset_s[aware].astype(np.int64), unit="s", utc=True)
        found[aware] = _seconds(utc.tz_convert(zone).tz_localize(None))
        notes.append(f"{counted(int(aware.sum()), 'time')} told on the clock of {zone}")
    if not aware.all():
        local = pd.to_datetime(wall[~aware], unit="s")
        first = np.ones(len(local), bool)
        moved = local.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_localize(None)
        skipped = np.flatnonzero(_seconds(moved) != wall[~aware])
        found[~aware] = _seconds(moved)
        if skipped.size:
            days = sorted({str(local[k].date()) for k in skipped.tolist()})
            told = counted(int(skipped.size), "time")
            notes.append(f"{told} in an hour that the clock of {zone} leaves out ({', '.join(days)}), moved to its end")
    return found, notes


def _dated(wall: Whole, where: str, year: int | None) -> tuple[Whole, str]:
    """Return times of a year, those before its turn in the year before: it lies in the widest gap between days."""
    day, clock = np.divmod(wall - _epoch_day(_LEAP) * DAY_S, DAY_S)
    days = np.unique(day)
    gaps = np.diff(np.append(days, days[0] + 366))
    widest = int(np.argmax(gaps))
    early = day > days[widest] if widest + 1 < len(days) else np.zeros(len(day), bool)
    leap_day = 59
    has_leap_day = leap_day in days
    chosen = year or (LEAP_YEAR if has_leap_day else USUAL_YEAR)
    last = np.where(early, chosen - 1, chosen)
    if bool(has_leap_day and not all(isleap(int(y)) for y in set(last[day == leap_day].tolist()))):
        raise OrderError.of(where, f"{chosen} has no 29 February, but the times do", "give another year", "no-such-day")
    found = np.empty_like(day)
    for one in set(last.tolist()):
        mine = last == one
        found[mine] = _epoch_day(one) + day[mine] - (0 if isleap(one) else (day[mine] > leap_day).astype(np.int64))
    told = f"times name no year and are taken as of {chosen}" + ("" if year else ": weekdays may bear wrong names")
    return found * DAY_S + clock, told


def _seconds(times: pd.DatetimeIndex) -> Whole:
    return times.to_numpy().astype("datetime64[s]").astype(np.int64)


def _epoch_day(year: int) -> int:
    return int(np.datetime64(f"{year}-01-01", "D").astype(np.int64))


def _utc(offset_s: float) -> str:
    sign = "-" if offset_s < 0 else "+"
    hours, minutes = divmod(round(abs(offset_s) / 60), 60)
    return f"UTC{sign}{hours:02d}:{minutes:02d}"
