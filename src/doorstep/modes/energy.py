"""EnergyModel: what a vehicle draws from its battery or tank by its load, and the models that its mode offers.

Each model tells the same three things of a load: what a metre, a second on the way and a new place take. What it leaves
out is in its docstring. Energies are joules from the battery or tank, before the losses of charging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from doorstep.errors import InputError
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from doorstep.modes.mode import Mode

    Real = NDArray[np.float64]

GRAVITY = 9.81
"""Standard acceleration of free fall, rounded [m/s²]."""
AIR_KG_PER_M3 = 1.225
"""Density of the air at sea level and 15 °C; ISO 2533."""
ROAD_MPS = 30 / 3.6
"""Mean speed for which ranges of a road vehicle are told; a usual one in towns (Rudy 2025 has 28 to 41 km/h)."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the energy of a trip hangs on besides its load, its metres and its seconds."""

    speed_mps: float
    """Of an aircraft through the air; on the ground the fastest mean speed of any way."""
    climb_m: float = 0.0
    """Height that an aircraft rises at the hub and at each place."""
    climb_s: float = 0.0
    """Time that it takes to rise."""
    descent_m: float = 0.0
    descent_s: float = 0.0
    climb_timed: bool = False
    """True where the seconds on the way hold those of the climb."""
    descent_timed: bool = False
    hover_s: float = 0.0
    """Hovering at each place."""
    stand_s: float = 0.0
    """Standing at each place, set-up and one handover."""


@dataclass(frozen=True, slots=True)
class Use:
    """Energy by load, each [loads]."""

    j_per_m: Real
    j_per_s: Real
    """For each second on the way."""
    j_per_place: Real
    """For each new place, by what is aboard on arrival."""
    least_w: Real | None = None
    """Least power in any part of a flight; none where there are no such parts."""

    def parts(self) -> Iterator[tuple[str, Real]]:
        """Yield what each part is called, and the part."""
        yield "metre", self.j_per_m
        yield "second", self.j_per_s
        yield "place", self.j_per_place


class EnergyModel(Protocol):
    """One way to reckon the energy of a vehicle."""

    def use(self, loads_kg: Real, conditions: Conditions) -> Use:
        """Return the energy by loads [loads], ascending, the last of them the largest that is ever carried."""
        ...


@dataclass(frozen=True, slots=True)
class Energy:
    """The models of one mode, which may stand for one another."""

    planned: str
    """The model that plans, checks and costs go by; the others tell how sure it is."""
    models: Mapping[str, EnergyModel]

    def use(self, key: str, loads_kg: Real, conditions: Conditions, where: str = "energy") -> Use:
        """Return the energy by loads [loads] of one model.

        Raises
        ------
        InputError
            If any of it is negative or no finite number; the message names model, load and amount.
        """
        found = self.models[key].use(np.asarray(loads_kg, float), conditions)
        power = [] if found.least_w is None else [("second of some part of a flight", found.least_w)]
        for per, amounts in (*power, *found.parts()):
            wrong = np.flatnonzero(~(np.isfinite(amounts) & (amounts >= 0)))
            if wrong.size:
                k = int(wrong[0])
                what = f"the model {key} gives {amounts[k]:.4g} J for each {per} with {loads_kg[k]:.4g} kg aboard"
                fix = "look at the model's values and at the mode's speed, or use another model"
                raise InputError.of(where, what, fix, "negative-energy")
        return found


def own_conditions(mode: Mode) -> Conditions:
    """Return the conditions of a mode by itself: at top speed or that of towns, with the climbs of its own file."""
    return Conditions(
        speed_mps=mode.max_speed_mps if mode.medium == Medium.AIR else min(mode.max_speed_mps, ROAD_MPS),
        climb_m=mode.altitude_m,
        climb_s=mode.climb_s,
        descent_m=mode.altitude_m,
        descent_s=mode.descent_s,
        hover_s=mode.hover_s,
        stand_s=stand_s(mode),
    )


def stand_s(mode: Mode) -> float:
    """Return how long a mode stands at a place for one handover of its slowest kind, set-up included [s]."""
    return max((mode.setup_s.get(kind, 0.0) + spent for kind, spent in mode.service_s.items()), default=0.0)


def usable_wh(mode: Mode) -> float:
    """Return what one trip may draw from a full battery, the reserve kept back [Wh]."""
    return mode.battery_wh * (1 - mode.reserve_share)


def trip_range_m(mode: Mode, key: str | None = None) -> float:
    """Return how far a trip with one stop and a full load out can go, empty back, by one model of a mode [m].

    It is the mode's own range where that is less.
    """
    conditions = own_conditions(mode)
    use = mode.energy.use(key or mode.energy.planned, np.array([0.0, mode.payload_kg]), conditions)
    per_m = use.j_per_m + use.j_per_s / conditions.speed_mps
    left_j = 3600 * usable_wh(mode) - use.j_per_place[-1]
    return float(min(mode.range_m, max(left_j, 0.0) / max(per_m.mean(), 1e-12)))
