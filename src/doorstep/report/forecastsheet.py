"""Forecast sheet: what a day's orders may be, hour by hour, and how well such forecasts have fared."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.table import Table
from rich.text import Text

from doorstep.demand.forecast import FAR_DAYS, day_name
from doorstep.errors import StudyError
from doorstep.network.counting import counted
from doorstep.report.tables import bullet
from doorstep.report.words import as_percent, number, tenths, whole

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from doorstep.demand.forecast import Forecast
    from doorstep.demand.history import History
    from doorstep.demand.skill import Score
    from doorstep.demand.tomorrow import DrawnDay

SCHEMA = "doorstep/forecast/1"
ENDS = (0.025, 0.1, 0.5, 0.9, 0.975)
"""Quantiles that are told."""
BAR = 32
"""Letters of the longest bar."""


def forecast_document(name: str, history: History, found: Forecast, score: Score | None) -> dict[str, Any]:
    """Return a forecast, and the score of such forecasts if there is one, as JSON values."""
    known = int(history.known.sum())
    number_of_day = (found.day - history.first).days
    seen = number_of_day < history.days and bool(history.known[number_of_day])
    hours = {_label(q): found.hourly(q).astype(int).tolist() for q in ENDS}
    return {
        "schema": SCHEMA,
        "history": {
            "name": name,
            "orders": len(history.day),
            "first": str(history.first),
            "last": str(history.date(history.days - 1)),
            "days": known,
            "gaps": history.days - known,
        },
        "day": str(found.day),
        "days_ahead": found.ahead,
        "orders": {"mean": round(found.mean, 3), **{_label(q): int(found.total(q)) for q in ENDS}},
        "hours": {"mean": [round(v, 4) for v in (found.mean * found.shares).tolist()], **hours},
        "happened": history.counts()[number_of_day].tolist() if seen else None,
        "score": None if score is None else _score(score),
        "notes": list(history.notes),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "days": score.days,
        "skills": [
            {
                "of": skill.name,
                "rmse": round(math.sqrt(skill.ours), 6),
                "rmse_naive": round(math.sqrt(skill.naive), 6),
                "skill": round(skill.value, 6) if math.isfinite(skill.value) else None,
                "low": round(skill.low, 6),
                "high": round(skill.high, 6),
                "sure": skill.sure,
            }
            for skill in score.skills
        ],
        "within": [
            {"interval": share, "days": round(days, 4), "hours": round(hours, 4)} for share, days, hours in score.within
        ],
    }


def _label(quantile: float) -> str:
    return f"p{100 * quantile:g}"


def forecast_tables(document: Mapping[str, Any], day: dt.date) -> Iterator[RenderableType]:
    """Yield a forecast as people read it."""
    past, orders = document["history"], document["orders"]
    gaps = f", {counted(past['gaps'], 'gap')}" if past["gaps"] else ""
    yield Text(
        f"{past['name']}: {past['orders']:,} orders on {counted(past['days'], 'day')} from {past['first']} to "
        f"{past['last']}{gaps}"
    )
    happened = document["happened"]
    came = f"; {sum(happened):,} came" if happened else ""
    spans = [f"{whole(orders[low])} to {whole(orders[high])}" for low, high in (("p10", "p90"), ("p2.5", "p97.5"))]
    expected = f"{day_name(day)}: {whole(orders['mean'])} orders are to be expected"
    yield Text(f"{expected}, {spans[0]} in 8 of 10 cases, {spans[1]} in 19 of 20{came}", style="bold")
    if document["days_ahead"] > FAR_DAYS:
        yield Text(f"{document['days_ahead']} days after the last that is known: the level may be another by then")
    yield ""
    yield _hours(document)
    yield ""
    yield from _fared(document["score"])
    if document["notes"]:
        yield ""
        yield Text("What was read", style="bold")
        yield from map(bullet, document["notes"])


def _hours(document: Mapping[str, Any]) -> Table:
    """Return the hours of the day with bars: full as far as is expected, light as far as it may well come to."""
    hours, happened = document["hours"], document["happened"]
    most = max(*hours["p90"], *hours["mean"], 1)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    heads = ["hour", "expected", "8 of 10", *(["came"] if happened else [])]
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place == 0 else "right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for hour in range(24):
        mean, low, high = (hours[key][hour] for key in ("mean", "p10", "p90"))
        full, light = round(BAR * mean / most), round(BAR * high / most)
        bar = Text("█" * full, style="cyan") + Text("░" * max(0, light - full), style="cyan dim")
        cells = [f"{hour:02d}", tenths(mean), f"{low}\N{EN DASH}{high}", *([str(happened[hour])] if happened else [])]
        table.add_row(*cells, bar)
    return table


def _fared(score: Mapping[str, Any] | None) -> Iterator[RenderableType]:
    """Yield how forecasts fared against the naive one."""
    if score is None:
        yield Text("not scored: too few days to hold some of them back")
        return
    yield Text(
        f"Score on the last {counted(score['days'], 'day')}, each foretold the day before; "
        "naive: the same weekday of the week before",
        style="bold",
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(("error of", "ours", "naive", "skill", "95 % interval", "")):
        table.add_column(head, justify="right" if 0 < place < 5 else "left", no_wrap=True)  # noqa: PLR2004 - words
    for skill in score["skills"]:
        value = "-" if skill["skill"] is None else f"{skill['skill']:+.2f}"
        worse = (skill["skill"] or 0) < 0
        verdict = ("surely " if skill["sure"] else "perhaps ") + ("worse" if worse else "better")
        ends = f"{skill['low']:+.2f} to {skill['high']:+.2f}"
        style = "red" if worse else "green" if skill["sure"] else ""
        errors = number(skill["rmse"]), number(skill["rmse_naive"])
        table.add_row(skill["of"], *errors, Text(value, style=style), ends, Text(verdict, style=style))
    yield table
    told = [
        f"{as_percent(one['interval']).removesuffix('.0')} % intervals held {as_percent(one['days'])} % of days, "
        f"{as_percent(one['hours'])} % of hours"
        for one in score["within"]
    ]
    yield Text("; ".join(told))


def write_orders(path: Path | str, drawn: DrawnDay, day: dt.date) -> None:
    """Write the orders of a drawn day as a table that a scenario may name (`demand: {table: {file: …}}`).

    Raises
    ------
    StudyError
        If the file cannot be written.
    """
    rows = zip(drawn.clock_s.tolist(), drawn.lon_lat.tolist(), drawn.mass_kg.tolist(), strict=True)
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("id", "lon", "lat", "mass_kg", "date", "placed"))
            for k, (clock_s, (lon, lat), mass) in enumerate(rows, 1):
                second = int(clock_s)
                clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
                kg = "" if np.isnan(mass) else f"{mass:g}"
                writer.writerow((f"o{k:04d}", f"{lon:.6f}", f"{lat:.6f}", kg, str(day), clock))
    except OSError as error:
        raise StudyError(f"{path}: cannot be written: {error.strerror or error} (choose another --out)") from error
