"""Profile: when customers order; Factor and Surge: how much more they order at peaks, and for how many days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from doorstep.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FILE = Path(__file__).parent / "profiles.yaml"
MOST_FACTOR, MOST_DAYS = 1000.0, 366


@dataclass(frozen=True, slots=True)
class Profile:
    """Share of a day's orders that each hour has."""

    name: str
    label: str
    weights: tuple[float, ...]
    """[24] from midnight on; only their ratios count."""
    source: str
    """Key of a source; empty for an estimate."""
    estimate: str
    """Why, where nobody has published it."""


@dataclass(frozen=True, slots=True)
class Factor:
    """How many times an ordinary day's orders a peak brings."""

    name: str
    label: str
    value: float
    source: str
    estimate: str


@dataclass(frozen=True, slots=True)
class Surge:
    """Demand of several days as multiples of an ordinary day's."""

    name: str
    label: str
    factors: tuple[float, ...]
    """[days]"""
    source: str = ""
    estimate: str = ""


@cache
def surges() -> Mapping[str, Surge]:
    """Return the surges that come with Doorstep, by name; days before the last are alike, as only means are known."""
    found = {}
    for name, one in _read()["surges"].items():
        days, last = int(one["days"]), float(one["last"])
        others = (days * float(one["mean"]) - last) / (days - 1) if days > 1 else last
        factors = (*[others] * (days - 1), last)
        found[name] = Surge(name, one["label"], factors, one.get("source", ""), one.get("estimate", ""))
    return MappingProxyType(found)


def surge_of(said: str | Sequence[float]) -> Surge:
    """Return a surge by its name, or one of the factors that are given, one a day.

    Raises
    ------
    InputError
        If there is no such surge, or the factors are none: below zero, all zero, endless, or for more than a year.
    """
    import math
    from difflib import get_close_matches

    if isinstance(said, str):
        if said in surges():
            return surges()[said]
        near = get_close_matches(said, list(surges()), n=1)
        fix = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(surges())}; or write factors as 1.2,1.5"
        raise InputError.of("surge", f"there is no surge '{said}'", fix, "unknown-surge")
    factors = tuple(map(float, said))
    if not factors or not all(math.isfinite(f) and 0 <= f <= MOST_FACTOR for f in factors):
        fix = f"write numbers from 0 to {MOST_FACTOR:g}, one a day, as 1.2,1.5"
        raise InputError.of("surge", "these are no multiples of an ordinary day", fix, "bad-surge")
    if not sum(factors):
        fix = "give at least one day with orders"
        raise InputError.of("surge", "the surge sums to nothing: no day has any order", fix, "bad-surge")
    if len(factors) > MOST_DAYS:
        raise InputError.of("surge", f"{len(factors)} days are more than a year", "give fewer", "bad-surge")
    return Surge("own", "as given", factors, estimate="given by whoever asks")


@cache
def arrival_profiles() -> Mapping[str, Profile]:
    """Return the arrival profiles that come with Doorstep, by name."""
    return MappingProxyType(
        {
            name: Profile(
                name, one["label"], tuple(map(float, one["weights"])), one.get("source", ""), one.get("estimate", "")
            )
            for name, one in _read()["arrivals"].items()
        },
    )


@cache
def demand_factors() -> Mapping[str, Factor]:
    """Return the published demand factors, by name."""
    return MappingProxyType(
        {
            name: Factor(name, one["label"], float(one["value"]), one.get("source", ""), one.get("estimate", ""))
            for name, one in _read()["factors"].items()
        },
    )


def _read() -> Any:
    """Return the file as it is."""
    import yaml

    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))
