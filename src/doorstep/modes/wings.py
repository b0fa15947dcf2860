"""Wings: the energy of aircraft that rise on rotors and cruise on wings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.modes.energy import GRAVITY, Use
from doorstep.modes.rotors import Momentum, flown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.modes.energy import Conditions

    Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Winged:
    """Cruise by lift over drag, `E = m g d / (eta L/D)`, and everything vertical by momentum theory of the lift rotors.

    The first is level flight of any textbook, e.g. Anderson, Aircraft performance and design, ch. 5; the second as in
    `Momentum` without drag.
    """

    mass_kg: float
    lift_over_drag: float
    efficiency: float
    """From battery to thrust in cruise."""
    rotor_area_m2: float
    """Of the rotors that lift it."""
    hover_efficiency: float
    """From battery to the ideal power of those rotors."""
    electronics_w: float

    def use(self, loads_kg: Real, conditions: Conditions) -> Use:
        """Return the energy by load."""
        weight_n = (self.mass_kg + loads_kg) * GRAVITY
        level = weight_n * conditions.speed_mps / (self.efficiency * self.lift_over_drag) + self.electronics_w
        lift = Momentum(self.mass_kg, self.rotor_area_m2, 0.0, self.hover_efficiency, self.electronics_w)
        hover = lift.power_w(loads_kg, 0.0)
        rising = hover
        if conditions.climb_s > 0:
            rising = lift.power_w(loads_kg, 0.0, conditions.climb_m / conditions.climb_s)
        return flown(conditions, np.asarray(level), rising, hover, hover)
