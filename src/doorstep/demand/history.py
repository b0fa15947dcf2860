"""History: past orders by day, hour and place, with what was repaired on the way from the file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.demand import cells
from doorstep.demand.pastfile import read_past
from doorstep.demand.rows import capped
from doorstep.demand.stamps import DAY_S, HOUR_S, Stamps, hours_of, joined, on_one_clock, read_stamps
from doorstep.errors import Fault, OrderError
from doorstep.network.counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Whole = NDArray[np.int64]

WEEK = 7
BAD_SHARE = 0.01
"""Rows that say nothing are left out up to this share of them; beyond, the file is at fault."""
SHOWN = 20
"""Rows at fault that are told one by one."""
LONGEST_DAYS = 3660
"""A history of more than ten years has a slip of the pen in one of its dates."""
UNLIKELY = 0.01
"""Days without an order are gaps in the table where chance alone would leave them empty less often than this."""
COPY_LEAST = 10
"""Days of fewer orders may well be alike by chance."""
SHORT_SHARE = 0.05
"""The first or last day is cut off where all but this share of days go on for longer, by two hours or more."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Past orders of n rows and the days that they cover."""

    first: dt.date
    open_h: Real
    """[days, 24] how long each hour lasts on the clock; 0 throughout a day of which nothing is known."""
    day: Whole
    """[n] from the first day on."""
    clock_s: Whole
    """[n] seconds since midnight."""
    lon_lat: Real
    """[n, 2] degrees."""
    mass_kg: Real
    """[n] NaN where nothing is said."""
    notes: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Number of days from the first to the last, gaps included."""
        return len(self.open_h)

    @property
    def known(self) -> NDArray[np.bool_]:
        """[days] false for gaps."""
        return np.asarray(self.open_h.any(axis=1))

    @property
    def weekday(self) -> Whole:
        """[days] 0 is Monday."""
        return (self.first.weekday() + np.arange(self.days)) % WEEK

    def counts(self) -> Whole:
        """Return the orders of every hour of every day [days, 24]."""
        cell = self.day * 24 + self.clock_s // HOUR_S
        return np.bincount(cell, minlength=24 * self.days).reshape(self.days, 24)

    def date(self, day: int) -> dt.date:
        """Return the date of a day, which may lie after the last."""
        return self.first + dt.timedelta(days=day)

    def before(self, day: int) -> History:
        """Return what is known before a day."""
        mine = self.day < day
        return replace(
            self,
            open_h=self.open_h[:day],
            day=self.day[mine],
            clock_s=self.clock_s[mine],
            lon_lat=self.lon_lat[mine],
            mass_kg=self.mass_kg[mine],
        )

    def only(self, mine: NDArray[np.bool_], note: str) -> History:
        """Return the orders that are meant, on the same days."""
        return replace(
            self,
            day=self.day[mine],
            clock_s=self.clock_s[mine],
            lon_lat=self.lon_lat[mine],
            mass_kg=self.mass_kg[mine],
            notes=(*self.notes, note),
        )


def read_history(
    path: Path | str, columns: Mapping[str, str] | None = None, zone: str | None = None, year: int | None = None
) -> History:
    """Return the past orders of a table: CSV, GeoJSON or GeoPackage with `placed`, `lon` and `lat`, or LaDe's columns.

    `placed` is a date and a time of day; where there is a column `date`, the time alone. `columns` says which column of
    the file is meant by a name of ours. With a `zone` such as Europe/Helsinki hours are those of its clock, and hours
    that the clock leaves out or has twice are known. `year` is that of times that name none, as LaDe's do.

    Raises
    ------
    OrderError
        With what is wrong with the file: columns, cells, years, distances from UTC, one id for two orders.
    """
    path = Path(path)
    stamps, frame, rows, notes = _parsed(path, columns or {})
    wall, told = on_one_clock(stamps, str(path), zone, year)
    notes += told
    day, clock = np.divmod(wall, DAY_S)
    keep, repaired = _once_each(path, frame, day, clock, rows)
    notes += repaired
    day, clock, frame = day[keep], clock[keep], frame[keep]
    first, days = int(day.min()), int(np.ptp(day)) + 1
    start = dt.date(1970, 1, 1) + dt.timedelta(days=first)
    if days > LONGEST_DAYS:
        end = start + dt.timedelta(days=days - 1)
        what = f"the orders reach from {start} to {end}"
        raise OrderError.of(str(path), what, "look for a date that is a slip of the pen", "long-history")
    found = History(
        start,
        hours_of(first, days, zone),
        day - first,
        clock,
        frame[["lon", "lat"]].to_numpy(float),
        frame["mass_kg"].to_numpy(float),
    )
    return _without_gaps(_without_copies(replace(found, notes=tuple(notes))))


def _parsed(path: Path, columns: Mapping[str, str]) -> tuple[Stamps, pd.DataFrame, Whole, list[str]]:
    """Return the rows that say when and where, what they say, and which rows of the file they are."""
    import pandas as pd

    stamps, frames, notes, seen = [], [], list[str](), 0
    faults, bad, odd = list[Fault](), 0, 0
    for texts, told in read_past(path, columns):
        notes += told
        found = _moments(path, texts, seen)
        numbers: dict[str, Any] = {
            name: pd.to_numeric(texts[name], errors="coerce") if name in texts else np.full(len(texts), np.nan)
            for name in ("lon", "lat", "mass_kg")
        }
        frame = pd.DataFrame(numbers, index=range(len(texts)))
        frame["mass_kg"] = frame["mass_kg"].where(frame["mass_kg"].between(0, cells.MOST, inclusive="right"))
        odd += int((texts["mass_kg"].ne("") & frame["mass_kg"].isna()).sum()) if "mass_kg" in texts else 0
        frame["id"] = texts["id"].to_numpy() if "id" in texts else ""
        placed = frame["lon"].abs().le(180) & frame["lat"].abs().le(90)
        sound = found.good & placed.to_numpy(bool)
        wrong = np.flatnonzero(~sound)
        bad += len(wrong)
        shown = wrong[: max(0, SHOWN - len(faults))]
        faults += _row_faults(path, texts.iloc[shown], found.good[shown], seen)
        stamps.append(_some(found, sound))
        frames.append(frame[sound].assign(row=seen + np.flatnonzero(sound)))
        seen += len(texts)
    if bad > BAD_SHARE * seen:
        raise OrderError(
            [*faults, *([Fault("", f"and {bad - SHOWN} more", "mend these first", "more")] * (bad > SHOWN))]
        )
    if faults:
        notes.append(f"{path.name}: {counted(bad, 'row')} left out that tell no time or place: {faults[0]}")
    whole = pd.concat(frames, ignore_index=True)
    if odd:
        notes.append(f"{path.name}: {counted(odd, 'mass', 'masses')} that no parcel has, taken as not told")
    return joined(stamps), whole, whole.pop("row").to_numpy(np.int64), notes


def _moments(path: Path, texts: pd.DataFrame, seen: int) -> Stamps:
    """Return when the orders of some rows were placed."""
    if "date" not in texts:
        return read_stamps(texts["placed"])
    midnight = read_stamps(texts["date"] + " 00:00")
    clocks = {}
    for text in texts["placed"].unique():
        try:
            clocks[text] = cells.clock(text)
        except cells.MisfitError:
            clocks[text] = np.nan
    clock = texts["placed"].map(clocks).to_numpy(float)
    stamped = np.flatnonzero(np.isnan(clock) & read_stamps(texts["placed"]).good)
    if stamped.size:
        where = f"{path}, row {seen + int(stamped[0]) + 2}"
        fix = "keep the date in one of the columns `date` and `placed` (`--column placed=NAME`)"
        raise OrderError.of(where, "both columns tell a date", fix, "two-dates")
    good = midnight.good & np.isfinite(clock)
    return replace(midnight, wall_s=midnight.wall_s + np.where(good, clock, 0).astype(np.int64), good=good)


def _some(stamps: Stamps, mine: NDArray[np.bool_]) -> Stamps:
    return Stamps(stamps.wall_s[mine], stamps.offset_s[mine], stamps.yearless[mine], stamps.good[mine])


def _row_faults(path: Path, texts: pd.DataFrame, good: NDArray[np.bool_], seen: int) -> list[Fault]:
    """Return what is wrong with rows that tell no time or no place."""
    faults = []
    for row, text, timed in zip(texts.index.to_list(), texts.to_dict("records"), good.tolist(), strict=True):
        where = f"{path}, row {seen + row + 2}"
        if not timed:
            said = f"{text['date']} {text['placed']}" if "date" in text else text["placed"]
            fix = "write a date and a time of day as in 2024-05-01 18:30, or the date in a column `date`"
            faults.append(Fault(where, f"'{said}' is no time that an order was placed", fix, "bad-time"))
            continue
        what, fix = f"'{text['lon']}', '{text['lat']}' are no longitude and latitude", "write both in degrees"
        if _is_swapped(text["lon"], text["lat"]):
            fix = "did you swap longitude and latitude?"
        faults.append(Fault(where, what, fix, "bad-place"))
    return faults


def _is_swapped(lon: str, lat: str) -> bool:
    try:
        return abs(float(lon)) <= 90 < abs(float(lat)) <= 180  # noqa: PLR2004 - degrees
    except ValueError:
        return False


def _once_each(
    path: Path, frame: pd.DataFrame, day: Whole, clock: Whole, rows: Whole
) -> tuple[NDArray[np.bool_], list[str]]:
    """Return which rows are there for the first time, by their id and day; OrderError where one id has two orders."""
    if not frame["id"].any():
        return np.ones(len(frame), bool), []
    table = frame.assign(day=day, clock=clock)
    named = (table["id"] != "").to_numpy()
    again = table.duplicated(["id", "day"]).to_numpy() & named
    same = table.duplicated(["id", "day", "clock", "lon", "lat"]).to_numpy() & named
    if (twice := np.flatnonzero(again & ~same)).size:
        what = "is there twice on one day, for two orders"
        faults = [
            Fault(f"{path}, row {rows[k] + 2}", f"the id '{frame['id'].iloc[k]}' {what}", "mend it", "duplicate-id")
            for k in twice.tolist()
        ]
        raise OrderError(capped(faults))
    if not same.any():
        return ~same, []
    days = counted(len(np.unique(day[same])), "day")
    return ~same, [f"{path.name}: {counted(int(same.sum()), 'row')} there twice, on {days}, counted once"]


def _without_copies(history: History) -> History:
    """Return a history in which days that repeat an earlier one, order by order, count as unknown."""
    order = np.lexsort((history.lon_lat[:, 1], history.lon_lat[:, 0], history.clock_s, history.day))
    columns = np.column_stack([history.clock_s[order], history.lon_lat[order]])
    ends = np.searchsorted(history.day[order], np.arange(history.days + 1))
    seen: dict[bytes, int] = {}
    copies = {}
    for day in range(history.days):
        mine = columns[ends[day] : ends[day + 1]]
        if len(mine) >= COPY_LEAST and (first := seen.setdefault(mine.tobytes(), day)) != day:
            copies[day] = first
    if not copies:
        return history
    pairs = [f"{history.date(day)} is {history.date(first)}" for day, first in copies.items()]
    note = f"{_some_of(pairs)} once more, order by order: taken as gaps"
    return _unknown(history, list(copies), note)


def _without_gaps(history: History) -> History:
    """Return a history in which empty days are told apart: closed weekdays, days without demand, and gaps."""
    counts = history.counts().sum(axis=1)
    found, known = history, history.known
    closed = [w for w in range(WEEK) if not counts[history.weekday == w].any()]
    open_days = ~np.isin(history.weekday, closed) & known
    if history.days >= 2 * WEEK and closed:
        names = ", ".join(NAMES[w] for w in closed)
        found = replace(found, notes=(*found.notes, f"no order is placed on any {names}: taken as closed"))
    mean = float(counts[open_days].mean()) if open_days.any() else 0.0
    empty = open_days & (counts == 0)
    gaps = []
    for is_empty, run in groupby(np.flatnonzero(open_days).tolist(), key=lambda day: bool(empty[day])):
        days = list(run)
        if is_empty and np.exp(-mean * len(days)) < UNLIKELY:
            gaps += days
    if gaps:
        told = f"{counted(len(gaps), 'day')} without any order ({_some_of([str(history.date(d)) for d in gaps])})"
        found = _unknown(found, gaps, f"{told}: taken as gaps in the table, not as days without demand")
    cut = _cut_off(found)
    if cut:
        told = " and ".join(str(history.date(day)) for day in cut)
        found = _unknown(found, cut, f"{told} ends or begins hours before others do: taken as cut off, and as a gap")
    return found


def _cut_off(history: History) -> list[int]:
    """Return the first and last day if they cover less of a day than others do."""
    days = [d for d in np.flatnonzero(history.known).tolist() if (history.day == d).any()]
    if len(days) < 2 * WEEK:
        return []
    span = {d: (history.clock_s[history.day == d].min(), history.clock_s[history.day == d].max()) for d in days}
    inner = np.array([span[d] for d in days[1:-1]])
    late = span[days[0]][0] > np.quantile(inner[:, 0], 1 - SHORT_SHARE) + 2 * HOUR_S
    soon = span[days[-1]][1] < np.quantile(inner[:, 1], SHORT_SHARE) - 2 * HOUR_S
    return [*([days[0]] if late else []), *([days[-1]] if soon else [])]


def _unknown(history: History, days: list[int], note: str) -> History:
    """Return a history without what is said of some days."""
    open_h = history.open_h.copy()
    open_h[days] = 0.0
    return replace(history, open_h=open_h).only(~np.isin(history.day, days), note)


def _some_of(words: list[str], most: int = 3) -> str:
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
