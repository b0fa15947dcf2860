"""Lived sheet: what came of days of chance, as part of a study's document and as tables for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.text import Text

from doorstep.evaluation.scorecard import SIGNS
from doorstep.network.counting import counted
from doorstep.report.grid import NOTHING, Row, grids
from doorstep.report.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from doorstep.comparison import Interval, Step
    from doorstep.study.living import Lived

RANKED = ("cost per parcel", "latency p50", "on time")
"""Numbers of which it is told in words who is before whom."""
PERCENT = 0.01
"""Of the mean: the width for which it is told how many days it takes."""


def lived_document(lived: Lived) -> dict[str, Any]:
    """Return days of chance as JSON values."""
    from doorstep.comparison import days_needed
    from doorstep.study.living import DECIDING

    deciding = lived.numbers[DECIDING]
    needed = {
        name: days_needed(row, PERCENT * abs(deciding.interval(name).mean))
        for name, row in zip(deciding.names, deciding.values, strict=True)
    }
    return {
        "count": lived.count,
        "chance": lived.book.name,
        "replanned": list(lived.replanned),
        "metrics": [
            {
                "name": metric.name,
                "unit": metric.unit,
                "better": metric.better,
                "values": {name: _interval(lived.interval(metric.name, name)) for name in lived.days},
            }
            for metric in lived.metrics
        ],
        "ranks": {name: [_step(step) for step in lived.numbers[name].ranks()] for name in RANKED},
        "sure": lived.sure,
        "front": list(lived.front()),
        "days_for_one_percent": needed,
        "wanted": lived.within and {"share": lived.within, "days": deciding.days_needed(lived.within)},
    }


def _interval(found: Interval) -> dict[str, float | None]:
    return {"mean": _finite(found.mean), "low": _finite(found.low), "high": _finite(found.high)}


def _step(step: Step) -> dict[str, Any]:
    behind = _interval(step.behind) if step.behind else None
    return {"configuration": step.name, "mean": _finite(step.mean), "behind": behind, "sure": step.sure}


def _finite(number: float) -> float | None:
    return round(number, 6) if math.isfinite(number) else None


def lived_tables(document: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Yield the means over the days with their intervals, and who is surely before whom."""
    days, currency = document["days"], document["currency"]
    names = [card["name"] for card in document["configurations"]]
    rows = []
    for metric in days["metrics"]:
        if days["count"] > 1 and not any(map(_varies, metric["values"].values())):
            continue  # as planned on every day
        unit = metric["unit"]
        said = currency if unit == "currency" else "%" if unit == "share" else unit
        cells = tuple(_cell(metric["values"].get(name), 100.0 if unit == "share" else 1.0) for name in names)
        label = metric["name"] if unit == metric["name"] else f"{metric['name']}, {said}"
        rows.append(Row(label, cells, _best(metric, names)))
    of_chance = f"{counted(days['count'], 'day')} of chance ({days['chance']})"
    if anew := days.get("replanned"):
        of_chance += f", on each of which {', '.join(anew)} planned anew"
    yield Text(f"{of_chance}: mean ± half of its 95 % interval" if days["count"] > 1 else of_chance, style="bold")
    yield from grids("", names, rows, width)
    if len(names) > 1:
        yield Text("* best of all configurations, though perhaps not surely", style="dim")
    yield ""
    for name, steps in days["ranks"].items():
        yield Text(f"{name}: {_in_words(steps)}")
    most = max(days["days_for_one_percent"].values(), default=0)
    yield Text(f"who is not beaten in cost, latency and CO₂e at once: {', '.join(days['front'])}")
    if most:  # of a single day nobody knows
        yield Text(f"days for every cost per parcel to be within 1 %: {most:,}")
        if wanted := days.get("wanted"):
            yield Text(f"and within {100 * wanted['share']:g} %, as was asked for: {wanted['days']:,}")


def _best(metric: Mapping[str, Any], names: list[str]) -> frozenset[int]:
    means = [(metric["values"].get(name) or {}).get("mean") for name in names]
    known = [mean for mean in means if mean is not None]
    sign = SIGNS[metric["better"]]
    if not sign or len(set(known)) < 2:  # noqa: PLR2004 - nobody is better than nobody
        return frozenset()
    best = max(sign * mean for mean in known)
    return frozenset(k for k, mean in enumerate(means) if mean is not None and sign * mean == best)


def _varies(found: Mapping[str, float | None] | None) -> bool:
    """Tell whether days differ in a number."""
    if not found or found["mean"] is None or found["low"] is None or found["high"] is None:
        return False
    return found["high"] - found["low"] > 1e-9 * max(1.0, abs(found["mean"]))


def _cell(found: Mapping[str, float | None] | None, scale: float) -> str:
    """Return a mean and how far its interval reaches, both with the digits that the latter gives a meaning."""
    if not found or found["mean"] is None:
        return NOTHING
    mean = scale * found["mean"]
    if not _varies(found):
        return number(mean)
    half = scale * (float(found["high"] or 0) - float(found["low"] or 0)) / 2
    digits = min(3, max(0, 1 - math.floor(math.log10(half))))
    return f"{mean:,.{digits}f} ± {half:,.{digits}f}"


def _in_words(steps: list[Mapping[str, Any]]) -> str:
    """Return who comes before whom, `?` where the days do not tell for sure."""
    words = [steps[0]["configuration"]] if steps else ["nobody"]
    words += [f"{'<' if step['sure'] else '<?'} {step['configuration']}" for step in steps[1:]]
    return " ".join(words)
