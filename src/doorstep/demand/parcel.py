"""Volume and size class of a parcel whose mass, or volume, is all that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.handover import Size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DENSITY_KG_PER_L = 0.2
"""Estimate: the 5,000 cm3 a kilogram at which couriers begin to charge by volume instead of mass."""
LIMITS_L = {Size.S: 15.0, Size.M: 35.0, Size.L: 75.0}
"""Estimate: three quarters of compartments of 20, 46 and 100 L, as parcels never fill them; beyond is XL [L]."""


def volume_by_mass(mass_kg: float) -> float:
    """Return the volume of a parcel of ordinary density [L]."""
    return mass_kg / DENSITY_KG_PER_L


def size_by_volume(volume_l: float) -> Size:
    """Return the smallest size class that takes a volume."""
    return next((size for size, limit in LIMITS_L.items() if volume_l <= limit), Size.XL)


def sizes_by_volume(volume_l: NDArray[np.float64]) -> list[Size]:
    """Return the size class of each of [n] volumes."""
    import numpy as np

    order = list(Size)
    ranks = np.searchsorted(list(LIMITS_L.values()), volume_l, side="left")
    return [order[rank] for rank in ranks]
