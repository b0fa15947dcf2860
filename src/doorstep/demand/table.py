"""Orders from a table of the user's, with every fault of the table at once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.demand import cells
from doorstep.demand.household import APART_M
from doorstep.demand.order import Dwelling, Order, Window
from doorstep.demand.parcel import DENSITY_KG_PER_L, size_by_volume, volume_by_mass
from doorstep.demand.rows import Rows, capped, read_rows
from doorstep.errors import Fault, OrderError
from doorstep.handover import Handover, Size
from doorstep.network.bounds import whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from doorstep.network.network import Network

REQUIRED = ("id", "lon", "lat", "mass_kg")
MARGIN_M = 250.0
"""How far beyond the map an order may lie; whether a street is near enough is judged later."""

COLUMNS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "id": str,
        "lon": cells.number,
        "lat": cells.number,
        "mass_kg": cells.positive,
        "volume_l": cells.positive,
        "size": partial(cells.word, kind=Size),
        "placed": cells.clock,
        "ready": cells.clock,
        "window_open": cells.clock,
        "window_close": cells.clock,
        "promise": cells.clock,
        "dwelling": partial(cells.word, kind=Dwelling),
        "landing_place": cells.truth,
        "accepts": cells.kinds,
        "walk_limit_m": cells.not_negative,
        "platform": str,
        "household": str,
        "return": cells.truth,
    },
)
"""The columns of a table of orders, and what reads their cells."""


@dataclass(frozen=True, slots=True)
class OrderDefaults:
    """What orders take where a table does not say; each use is noted."""

    placed_s: float = -6 * 3600.0
    """Six in the evening of the day before."""
    preparation_s: float = 3600.0
    """From placing until an order can be loaded."""
    ready_from_s: float = 7 * 3600.0
    """But not before."""
    window: Window = field(default_factory=lambda: Window(8 * 3600.0, 20 * 3600.0))
    dwelling: Dwelling = Dwelling.HOUSE
    landing_place: bool = True
    """Of houses; flats have none unless the table says so."""
    accepts: frozenset[Handover] = frozenset(Handover) - {Handover.KIOSK}
    """Whoever accepts a locker accepts a kiosk."""
    walk_limit_m: float = 500.0

    def says(self) -> Mapping[str, str]:
        """Return what each optional column is taken as, in words."""
        soonest = f"{self.preparation_s / 60:g} min after placing, not before {_clock(self.ready_from_s)}"
        landing = "yes for houses, no for flats" if self.landing_place else "no"
        return {
            "volume_l": f"mass at {DENSITY_KG_PER_L:g} kg/L",
            "size": "by volume",
            "placed": _clock(self.placed_s),
            "ready": soonest,
            "window_open": _clock(self.window.open_s),
            "window_close": _clock(self.window.close_s),
            "promise": "the end of the window",
            "dwelling": self.dwelling.value,
            "landing_place": landing,
            "accepts": ";".join(kind.value for kind in Handover if kind in self.accepts),
            "walk_limit_m": f"{self.walk_limit_m:g} m",
        }


def read_orders(
    path: Path,
    network: Network,
    columns: Mapping[str, str],
    defaults: OrderDefaults,
) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """Return the orders of a table and notes on what was taken for granted.

    `columns` says which column of the file is meant by a name of ours. OrderError names the faults of every row, the
    first twenty of them, each with its line and column; of a default, named by its column, once.
    """
    rows = read_rows(path)
    at = _columns(path, rows, columns)
    faults: list[tuple[int, Fault]] = []
    parsed = {ours: _column(path, rows, ours, index, faults) for ours, index in at.items()}
    if rows.lon_lat is not None:
        parsed |= {"lon": rows.lon_lat[:, 0].tolist(), "lat": rows.lon_lat[:, 1].tolist()}
    faults += _doubles(path, rows, parsed["id"])
    bad = {row for row, _ in faults}
    place = _places(path, rows, network, parsed, faults)
    faults += _far_apart(path, rows, parsed.get("household", []), place)
    orders: list[Order] = []
    for row in range(len(rows.cells)):
        given = {ours: column[row] for ours, column in parsed.items() if column[row] is not None}
        order, wrong = _order(given, place[row], defaults)
        if row in bad:
            continue
        orders.append(order)
        for ours, what, fix, code in wrong:
            if ours in given:
                where = f"{path}, {rows.places[row]}, column {_name(rows, at, ours)}"
                faults.append((row, Fault(where, what, fix, code)))
            else:  # a default is to blame, once for all rows
                faults.append((-1, Fault(ours, what, fix, code)))
    if faults:
        once = dict.fromkeys(sorted(faults, key=lambda found: found[0]))
        raise OrderError(capped([fault for _, fault in once]))
    return tuple(orders), (*rows.notes, *_notes(path, rows, at, parsed, defaults))


def _columns(path: Path, rows: Rows, columns: Mapping[str, str]) -> dict[str, int]:
    """Return which column of the file is which of ours."""
    faults = [
        Fault("columns", f"'{ours}' is no column of orders", _near(ours, COLUMNS), "unknown-column")
        for ours in columns
        if ours not in COLUMNS
    ]
    at: dict[str, int] = {}
    for ours in COLUMNS:
        theirs = columns.get(ours, ours)
        if rows.lon_lat is not None and ours in {"lon", "lat"}:
            continue
        if theirs in rows.names:
            at[ours] = rows.names.index(theirs)
        elif ours in columns or ours in REQUIRED:
            taken = set(at) | {columns.get(other, "") for other in COLUMNS}
            fix = _near(theirs, [name for name in rows.names if name and name not in taken], ours)
            faults.append(Fault(str(path), f"the column '{theirs}' is missing", fix, "missing-column"))
    if faults:
        raise OrderError(faults)
    return at


def _near(word: str, known: Any, ours: str = "") -> str:
    """Return the nearest known word, or all of them; for a column of ours, how to say so."""
    names = [str(name) for name in known]
    stems = {name.lower().split("_")[0]: name for name in reversed(names)}
    same = [name for name in names if name.lower() == word.lower()]
    close = same or get_close_matches(word, names, n=1, cutoff=0.5)
    close = close or [stems[stem] for stem in get_close_matches(word.lower().split("_")[0], stems, n=1, cutoff=0.7)]
    how = f" (say `columns: {{{ours}: {close[0]}}}`)" if close and ours else ""
    if close:
        return f"did you mean '{close[0]}'?{how}"
    if not names:
        return "add it"
    return f"there are: {', '.join(names)}" + (f" (say which it is: `columns: {{{ours}: NAME}}`)" if ours else "")


def _column(path: Path, rows: Rows, ours: str, index: int, faults: list[tuple[int, Fault]]) -> list[Any]:
    """Return the meaning of every cell of a column; none where it is empty or at fault."""
    reads = COLUMNS[ours]
    found: list[Any] = []
    for row, texts in enumerate(rows.cells):
        text, value = texts[index], None
        where = f"{path}, {rows.places[row]}, column {rows.names[index]}"
        if text:
            try:
                value = reads(text)
            except cells.MisfitError as misfit:
                faults.append((row, Fault(where, misfit.what, misfit.fix, "bad-cell")))
        elif ours in REQUIRED:
            faults.append((row, Fault(where, "the cell is empty", "fill it in, or drop the row", "empty-cell")))
        found.append(value)
    return found


def _doubles(path: Path, rows: Rows, ids: list[Any]) -> list[tuple[int, Fault]]:
    """Return a fault for every id that was met before."""
    first: dict[Any, int] = {}
    faults = []
    for row, name in enumerate(ids):
        before = first.setdefault(name, row)
        if name is not None and before != row:
            where = f"{path}, {rows.places[before]} and {rows.places[row]}, column id"
            faults.append(
                (row, Fault(where, f"the id '{name}' is there twice", "give each order its own", "duplicate-id"))
            )
    return faults


def _far_apart(
    path: Path, rows: Rows, households: list[Any], place: list[tuple[float, float]]
) -> list[tuple[int, Fault]]:
    """Return a fault for every order that lies elsewhere than the first one of its household."""
    first: dict[str, int] = {}
    faults = []
    for row, name in enumerate(households):
        before = first.setdefault(name, row) if name else row
        away_m = math.dist(place[before], place[row])
        if away_m > APART_M:
            where = f"{path}, {rows.places[before]} and {rows.places[row]}, column household"
            what = f"the home of '{name}' is in two places, {away_m:,.0f} m apart"
            faults.append((row, Fault(where, what, "give each home a name of its own", "household-apart")))
    return faults


def _places(
    path: Path,
    rows: Rows,
    network: Network,
    parsed: Mapping[str, list[Any]],
    faults: list[tuple[int, Fault]],
) -> list[tuple[float, float]]:
    """Return where every order is [m], noting those outside of the map."""
    known = [row for row, pair in enumerate(zip(parsed["lon"], parsed["lat"], strict=True)) if None not in pair]
    metres = [(0.0, 0.0)] * len(rows.cells)
    if not known:
        return metres
    degrees = np.array([(parsed["lon"][row], parsed["lat"][row]) for row in known], dtype=np.float64)
    lost = set()
    for index, what, fix in whereabouts(network, degrees, MARGIN_M):
        lost.add(index)
        row = known[index]
        faults.append((row, Fault(f"{path}, {rows.places[row]}", what, fix, "outside")))
    inside = [index for index in range(len(known)) if index not in lost]
    if inside:
        for index, (x_m, y_m) in zip(inside, network.project(degrees[inside]).tolist(), strict=True):
            metres[known[index]] = (x_m, y_m)
    return metres


def _order(
    given: Mapping[str, Any],
    place: tuple[float, float],
    defaults: OrderDefaults,
) -> tuple[Order, list[tuple[str, str, str, str]]]:
    """Return an order, and where its cells contradict each other: the column to blame, what, fix, code."""

    def blamed(*columns: str) -> str:
        return next((ours for ours in columns if ours in given), columns[-1])

    get = given.get
    mass = get("mass_kg", 1.0)
    volume = get("volume_l", volume_by_mass(mass))
    placed = get("placed", defaults.placed_s)
    ready = get("ready", max(placed + defaults.preparation_s, defaults.ready_from_s))
    window = Window(get("window_open", defaults.window.open_s), get("window_close", defaults.window.close_s))
    promise = get("promise", window.close_s)
    dwelling = get("dwelling", defaults.dwelling)
    wrong = []
    if window.close_s < window.open_s:
        what = f"the window closes at {_clock(window.close_s)}, before it opens at {_clock(window.open_s)}"
        fix = "swap the two, or add a day as +1 02:00"
        wrong.append((blamed("window_close", "window_open"), what, fix, "window-reversed"))
    if ready < placed:
        what = f"the order is ready at {_clock(ready)}, before it is placed at {_clock(placed)}"
        wrong.append((blamed("ready", "placed"), what, "for the day before write -1 18:30", "ready-early"))
    if promise < placed:
        what = f"the order is promised for {_clock(promise)}, before it is placed at {_clock(placed)}"
        wrong.append((blamed("promise", "placed", "window_close"), what, "mend one of them", "promise-early"))
    order = Order(
        id=get("id", ""),
        x_m=place[0],
        y_m=place[1],
        mass_kg=mass,
        volume_l=volume,
        size=get("size", size_by_volume(volume)),
        placed_s=placed,
        ready_s=ready,
        window=window,
        promise_s=promise,
        dwelling=dwelling,
        landing_place=get("landing_place", defaults.landing_place and dwelling is Dwelling.HOUSE),
        accepts=get("accepts", defaults.accepts),
        walk_limit_m=get("walk_limit_m", defaults.walk_limit_m),
        platform=get("platform", ""),
        household=get("household", ""),
        is_return=get("return", False),
    )
    return order, wrong


def _name(rows: Rows, at: Mapping[str, int], ours: str) -> str:
    """Return what the file calls a column of ours."""
    return rows.names[at[ours]] if ours in at else ours


def _notes(
    path: Path,
    rows: Rows,
    at: Mapping[str, int],
    parsed: Mapping[str, list[Any]],
    defaults: OrderDefaults,
) -> list[str]:
    """Return a note for every column, or part of one, that was taken for granted or not used."""
    notes = []
    for ours, taken in defaults.says().items():
        empty = sum(value is None for value in parsed.get(ours, []))
        if ours not in at:
            notes.append(f"{path.name}: no column {ours}, taken as {taken}")
        elif empty:
            notes.append(f"{path.name}: {empty} empty cells in column {_name(rows, at, ours)}, taken as {taken}")
    unused = [name for index, name in enumerate(rows.names) if name and index not in at.values()]
    if unused:
        notes.append(f"{path.name}: columns not used: {', '.join(unused)}")
    return notes


def _clock(seconds: float) -> str:
    """Return seconds since midnight as a person writes them."""
    day, rest = divmod(round(seconds), 86_400)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")
    return f"{day:+d} {text}" if day else text
