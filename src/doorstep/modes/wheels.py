"""Wheels: the energy of vans, tricycles and robots; and the constant that stands for any vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.modes.energy import AIR_KG_PER_M3, GRAVITY, Use

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.modes.energy import Conditions

    Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Constant:
    """So much for a metre and so much for a place, whatever the load: what fleets and data sheets tell."""

    wh_per_m: float
    wh_per_place: float

    def use(self, loads_kg: Real, conditions: Conditions) -> Use:  # noqa: ARG002 - the same in all
        """Return the energy by load."""
        alike = np.ones_like(loads_kg)
        return Use(3600 * self.wh_per_m * alike, 0 * alike, 3600 * self.wh_per_place * alike)


@dataclass(frozen=True, slots=True)
class Rolling:
    """Rolling resistance, drag, stop and go, and what else draws power.

    `F = m g C_r + rho C_d A v² / 2 + s m v² (1 - k) / 2`, with `s` halts a metre from the speed `v` driven between them
    and `k` the share of that won back; `E = F d / eta + P_aux t`. The road load is that of Gillespie, Fundamentals of
    vehicle dynamics, ch. 4, as in the pollution-routing problem (Bektas and Laporte 2011,
    doi:10.1016/j.trb.2011.02.004) and its electric kin (Goeke and Schneider 2015, doi:10.1016/j.ejor.2015.01.049). On a
    map whose fastest way is faster on average than `v`, drag counts at that speed. No slopes.
    """

    mass_kg: float
    """With its driver."""
    rolling: float
    """Rolling resistance over weight."""
    drag_area_m2: float
    """Drag coefficient times front area."""
    drive_mps: float
    """Driven between two halts."""
    halts_per_m: float
    """At lights, crossings and turns; the stops at places are one each besides."""
    recovered: float
    """Share of the energy of motion that braking wins back."""
    efficiency: float
    """From battery or tank to wheels."""
    auxiliary_w: float
    """Drawn on the way: heating, lights, computers."""
    standing_w: float
    """Drawn at places."""

    def use(self, loads_kg: Real, conditions: Conditions) -> Use:
        """Return the energy by load."""
        mass = self.mass_kg + loads_kg
        halt_j = 0.5 * mass * self.drive_mps**2 * (1 - self.recovered)
        drag_n = 0.5 * AIR_KG_PER_M3 * self.drag_area_m2 * max(self.drive_mps, conditions.speed_mps) ** 2
        force_n = mass * GRAVITY * self.rolling + drag_n + self.halts_per_m * halt_j
        per_place = halt_j / self.efficiency + self.standing_w * conditions.stand_s
        return Use(force_n / self.efficiency, np.full_like(mass, self.auxiliary_w), per_place)
