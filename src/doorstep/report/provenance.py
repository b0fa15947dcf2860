"""Provenance: what a study rests on: versions, seed, streets, sources and estimates."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.modes.mode import Value
    from doorstep.study import Study

LIBRARIES = ("ortools", "osmnx", "osmium", "geopandas", "shapely", "pyproj", "numpy", "scipy", "numba", "pandas")


def study_provenance(study: Study) -> dict[str, Any]:
    """Return what is needed to judge a study or to make it again."""
    from doorstep import __version__

    scenario = study.scenario
    used = list(used_values(study))
    return {
        "schema": "doorstep/provenance/1",
        "doorstep": __version__,
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "seed": scenario.seed,
        "effort": {"work": scenario.effort.work, "time_limit_s": scenario.effort.time_limit_s},
        "seconds": round(study.seconds, 2),
        "streets": {"origin": scenario.network.origin, "made_up": scenario.network.made_up},
        "prices": {"book": scenario.prices.name, "year": scenario.prices.year, "currency": scenario.prices.currency},
        "sources": _sources(used),
        "estimates": [
            {"of": of, "name": value.name, "amount": _amount(value), "unit": value.unit, "why": value.estimate}
            for of, value in used
            if value.estimate
        ],
        "values": [
            {"of": of, "name": value.name, "amount": _amount(value), "unit": value.unit, "source": value.source}
            for of, value in used
            if not value.estimate
        ],
        "notes": notes_of(study),
    }


def used_values(study: Study) -> Iterator[tuple[str, Value]]:
    """Return every number of the scenario, its books and the modes of the configurations, with its home."""
    scenario = study.scenario
    names = {outcome.name for outcome in study.outcomes}
    modes = dict.fromkeys(mode for c in scenario.configurations if c.name in names for mode in c.modes)
    yield from ((scenario.name, value) for value in scenario.values)
    yield from ((scenario.prices.name, value) for value in scenario.prices.values)
    if scenario.laws:
        yield from ((scenario.laws.name, value) for value in scenario.laws.values)
    if study.lived:
        yield from ((study.lived.book.name, value) for value in study.lived.book.values)
    yield from ((mode, value) for mode in modes for value in scenario.modes[mode].values)


def count_values(study: Study) -> dict[str, int]:
    """Return how many numbers the study rests on, and how many of them are estimates."""
    used = list(used_values(study))
    return {"used": len(used), "estimates": sum(1 for _, value in used if value.estimate)}


def notes_of(study: Study) -> list[str]:
    """Return every default, repair and choice that was made on the way, each once."""
    return list(dict.fromkeys((*_of_sorties(study), *study.scenario.notes, *study.scenario.network.notes)))


def _of_sorties(study: Study) -> Iterator[str]:
    """Yield what vans gain from what they carry, in each configuration with such vans."""
    currency = study.scenario.prices.currency
    for one in study.outcomes:
        without = one.plan.solver.get("without_sorties")
        if not any(fleet.carries for fleet in one.problem.fleets):
            continue
        sorties = sum(len(trip.sorties) for route in one.plan.routes for trip in route.trips)
        if not sorties:
            yield f"{one.name}: vans leave what they could carry at the hub; no plan met with it costs less"
            continue
        if isinstance(without, float):
            told = f"{one.name}: {sorties} sorties; the same vans with nothing to carry cost {currency} {without:,.2f}"
            yield f"{told}, unserved orders at their price"
        if study.lived:
            yield f"{one.name}: on days of chance the battery of who waits for a late van is taken to last"


def _sources(used: list[tuple[str, Value]]) -> dict[str, Any]:
    """Return the bibliography of the sources that were used, by key."""
    from doorstep.modes.sources import load_sources

    known, found = load_sources(), dict[str, Any]()
    for _, value in used:
        for key in filter(None, value.source.replace(",", " ").split()):
            source = known.get(key)
            if source is None:
                found[key] = {"cite": "named by the scenario file"}
                continue
            found[key] = {
                "cite": source.cite,
                "title": source.title,
                "where": source.where,
                "url": source.url,
                "weak": source.weak,
            }
    return dict(sorted(found.items()))


def _amount(value: Value) -> float | str | bool | None:
    """Return the amount as JSON knows it; what is endless becomes a word."""
    amount = value.amount
    return "endless" if isinstance(amount, float) and amount in (float("inf"), float("-inf")) else amount


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # built without its metadata
        return "unknown"
