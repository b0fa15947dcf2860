"""Volume and size class of parcels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorstep.demand.parcel import size_by_volume, sizes_by_volume, volume_by_mass
from doorstep.handover import Size


def test_limits() -> None:
    """A volume at a limit still fits the smaller class, and anything beyond the last is XL."""
    assert [size_by_volume(v) for v in (0.1, 15, 15.1, 35, 75, 75.1, 1e6)] == [
        Size.S,
        Size.S,
        Size.M,
        Size.M,
        Size.L,
        Size.XL,
        Size.XL,
    ]


@given(st.lists(st.floats(0.01, 500), max_size=20))
def test_many_as_one(volumes: list[float]) -> None:
    """Many volumes get the classes that each gets by itself."""
    assert sizes_by_volume(np.array(volumes)) == [size_by_volume(volume) for volume in volumes]


def test_volume() -> None:
    """A kilogram is taken as the five litres at which couriers charge by volume."""
    assert volume_by_mass(1.0) == 5.0
