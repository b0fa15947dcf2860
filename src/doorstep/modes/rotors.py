"""Rotors: the energy of multirotor aircraft, by three published models that may stand for one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.modes.energy import AIR_KG_PER_M3, GRAVITY, Use

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.modes.energy import Conditions

    Real = NDArray[np.float64]

M100_ROTORS_M2 = 4 * np.pi * 0.1651**2
"""Disc area of the DJI Matrice 100 that Rodrigues et al. flew: four rotors of 13 inches (its maker's data sheet)."""
TAKE_OFF, CRUISE, LANDING = (80.4, 13.8), (68.9, 16.8), (71.5, -24.3)
"""Slope [W (kg/m³)^½ / kg^1.5] and constant [W] of each part of a flight; Rodrigues et al. 2022, as quoted in public
code; not fitted again to their flights."""
_ROUNDS = 60
"""Halvings of the interval in which the induced speed lies; more than a double holds."""


@dataclass(frozen=True, slots=True)
class DAndrea:
    """Power in proportion to mass and speed, as of a wing, and a constant for electronics.

    `P = (m_vehicle + m_payload) v / (370 eta r) + p` [kW, kg, km/h]; D'Andrea 2014, Guest editorial: Can drones
    deliver?, IEEE T-ASE 11(3), 647-648. The paper knows no climb and no hovering: here a climb adds the work of lifting
    through the same `eta`, and whoever hovers or sinks draws what cruising does.
    """

    mass_kg: float
    lift_over_drag: float
    efficiency: float
    """Of power transfer."""
    electronics_w: float

    def cruise_w(self, loads_kg: Real, speed_mps: float) -> Real:
        """Return the power [loads] in level flight [W]."""
        kmh = 3.6 * speed_mps
        mass = self.mass_kg + loads_kg
        return np.asarray(1000 * mass * kmh / (370 * self.efficiency * self.lift_over_drag) + self.electronics_w)

    def use(self, loads_kg: Real, conditions: Conditions) -> Use:
        """Return the energy by load."""
        cruise = self.cruise_w(loads_kg, conditions.speed_mps)
        lift_j = (self.mass_kg + loads_kg) * GRAVITY * conditions.climb_m / self.efficiency
        rising = cruise + lift_j / conditions.climb_s if conditions.climb_s > 0 else cruise
        return flown(conditions, cruise, rising, cruise, cruise)


@dataclass(frozen=True, slots=True)
class Rodrigues:
    """Momentum theory as fitted to flights: `P = b1 m^1.5 / sqrt(rho) + b0` for take-off, cruise and landing.

    Rodrigues et al. 2022, Drone flight data reveal energy and greenhouse gas emissions savings for very small package
    delivery, Patterns 3(8), 100569: 188 flights of a quadcopter of 3.7 kg, in which speed hardly mattered. For another
    aircraft `b1` is scaled by the root of the disc areas, as in `P = T^1.5 / sqrt(2 rho A)`. Hovering counts as
    take-off, the dearest of the three.
    """

    mass_kg: float
    rotor_area_m2: float
    """All discs together."""
    electronics_w: float = 0.0
    """Beyond what the fitted constants hold."""

    def power_w(self, loads_kg: Real, part: tuple[float, float]) -> Real:
        """Return the power [loads] in one part of a flight [W]."""
        slope, constant = part
        scale = np.sqrt(M100_ROTORS_M2 / self.rotor_area_m2 / AIR_KG_PER_M3)
        return np.asarray(slope * scale * (self.mass_kg + loads_kg) ** 1.5 + constant + self.electronics_w)

    def use(self, loads_kg: Real, conditions: Conditions) -> Use:
        """Return the energy by load."""
        rising, level, sinking = (self.power_w(loads_kg, part) for part in (TAKE_OFF, CRUISE, LANDING))
        return flown(conditions, level, rising, sinking, rising)


@dataclass(frozen=True, slots=True)
class Momentum:
    """Momentum theory with drag: `P = T (v sin(alpha) + v_i) / eta`, the induced speed `v_i` from conserved momentum.

    Stolaroff et al. 2018, Energy use and life cycle greenhouse gas emissions of drones for commercial package delivery,
    Nature Communications 9, 409; after Leishman, Principles of helicopter aerodynamics, ch. 2. A climb adds its speed
    to the flow through the discs; whoever sinks draws what hovering does.
    """

    mass_kg: float
    rotor_area_m2: float
    drag_area_m2: float
    """Drag coefficient times front area, of aircraft and parcel."""
    efficiency: float
    """From battery to thrust."""
    electronics_w: float

    def power_w(self, loads_kg: Real, speed_mps: float, climb_mps: float = 0.0) -> Real:
        """Return the power [loads] in level flight, or rising straight up [W]."""
        drag_n = 0.5 * AIR_KG_PER_M3 * self.drag_area_m2 * speed_mps**2
        weight_n = (self.mass_kg + loads_kg) * GRAVITY
        thrust_n = np.hypot(weight_n, drag_n)
        through = speed_mps * drag_n / thrust_n + climb_mps
        along = speed_mps * weight_n / thrust_n
        induced = induced_mps(thrust_n / self.rotor_area_m2, along, through)
        return np.asarray(thrust_n * (through + induced) / self.efficiency + self.electronics_w)

    def use(self, loads_kg: Real, conditions: Conditions) -> Use:
        """Return the energy by load."""
        level, hover = self.power_w(loads_kg, conditions.speed_mps), self.power_w(loads_kg, 0.0)
        rising = hover
        if conditions.climb_s > 0:
            rising = self.power_w(loads_kg, 0.0, conditions.climb_m / conditions.climb_s)
        return flown(conditions, level, rising, hover, hover)


def induced_mps(disc_pa: Real, along_mps: Real, through_mps: Real | float) -> Real:
    """Return the speed [n] that discs of a loading [n] give the air, moving along themselves and through their plane.

    The root of `v_i = T / (2 rho A sqrt(along² + (through + v_i)²))`, by halving: the right side falls as v_i grows.
    """
    hover = np.sqrt(disc_pa / (2 * AIR_KG_PER_M3))
    low, high = np.zeros_like(hover), hover.copy()
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        short = middle * np.hypot(along_mps, through_mps + middle) < hover**2
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high


def flown(conditions: Conditions, level_w: Real, rising_w: Real, sinking_w: Real, hover_w: Real) -> Use:
    """Return the energy of flights by the powers [loads] of their parts.

    The seconds on the way take what level flight does. Each place takes two climbs and two descents, one there and one
    on to the next place or home, less what the seconds hold of them already. The second pair counts with the largest
    load, for nobody knows what is aboard then; so a trip to several places counts some climbs twice and misses none.
    """
    both = np.zeros_like(level_w)
    for powers, spent_s, timed in (
        (rising_w, conditions.climb_s, conditions.climb_timed),
        (sinking_w, conditions.descent_s, conditions.descent_timed),
    ):
        beyond = np.maximum(powers - level_w, 0.0) if timed else powers
        both = both + beyond * spent_s
    per_place = both + both[-1] + hover_w * conditions.hover_s
    least_w = np.minimum.reduce([level_w, rising_w, sinking_w, hover_w])
    return Use(np.zeros_like(level_w), level_w, per_place, least_w)
