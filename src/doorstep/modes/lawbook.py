"""Lawbook: what the law of a place asks of vehicles, rule by rule."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from doorstep.network.counting import hour_and_minute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorstep.modes.mode import Mode, Value
    from doorstep.network.network import Medium


CAPS: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "max_speed": ("max_speed_mps", lambda mps: f"moves at up to {3.6 * mps:.3g} km/h"),
    "payload": ("payload_kg", lambda kg: f"carries up to {kg:g} kg"),
    "vehicles_per_operator": ("vehicles_per_operator", lambda n: f"watched by one operator for every {n:g}"),
    "closes": ("closes_s", lambda s: f"back by {hour_and_minute(s)}"),
}
"""What of a mode each rule caps, and how that is told."""


@dataclass(frozen=True, slots=True)
class Lawbook:
    """The law of one place and year."""

    name: str
    label: str
    limits: Mapping[tuple[Medium, str], float]
    """By medium and key, in the unit used inside."""
    values: tuple[Value, ...] = ()
    """Every number as the book gives it."""

    def limit(self, medium: Medium, key: str, otherwise: float = math.inf) -> float:
        """Return a limit; `otherwise` where the book has none."""
        return self.limits.get((medium, key), otherwise)

    def rule(self, medium: Medium, key: str) -> str:
        """Return how a rule is called."""
        return f"{self.name}, {medium}.{key}"

    def keep(self, mode: Mode) -> tuple[Mode, tuple[str, ...]]:
        """Return a mode as the law lets it move, and the rules that bind, in words."""
        changed: dict[str, Any] = {}
        told = []
        for key, (attribute, words) in CAPS.items():
            limit, has = self.limit(mode.medium, key), float(getattr(mode, attribute))
            if limit < has:
                changed[attribute] = limit
                told.append(f"{mode.name} {words(limit)}, by law ({self.rule(mode.medium, key)})")
        opens_s = self.limit(mode.medium, "opens", 0.0)
        if opens_s > mode.opens_s:
            changed["opens_s"] = opens_s
            told.append(f"{mode.name} out from {hour_and_minute(opens_s)}, by law ({self.rule(mode.medium, 'opens')})")
        return replace(mode, **changed) if changed else mode, tuple(told)
