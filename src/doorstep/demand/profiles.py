"""Profile: when customers order; Factor: how much more they order at peaks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).parent / "profiles.yaml"


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
