"""Tests of houses drawn out of what was read of a map."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from doorstep.network.houses import draw_houses
from doorstep.network.osm.crop import E7, read_crop

KARHULA = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"


def test_houses_lie_where_the_projection_puts_them() -> None:
    """Twice as large a plane makes footprints four times as large, and moves middles, addresses and lockers with it."""
    built = read_crop(KARHULA).built
    metres = 1e5 * np.array([0.5, 1.0])
    one, other = (draw_houses(built, lambda degrees, scale=scale: degrees * metres * scale) for scale in (1.0, 2.0))
    assert len(one.buildings.kind) > 0
    np.testing.assert_allclose(other.buildings.area_m2, 4 * one.buildings.area_m2, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(other.buildings.middle_m, 2 * one.buildings.middle_m, rtol=1e-9)
    np.testing.assert_allclose(other.addresses.xy_m, 2 * one.addresses.xy_m, rtol=1e-9)
    assert other.lockers_m.shape == one.lockers_m.shape
    assert one.notes == other.notes
    low, high = (built.outlines.place / E7 * metres).min(axis=0), (built.outlines.place / E7 * metres).max(axis=0)
    single = len(one.buildings.kind) - len(built.courtyards.relations)
    assert ((one.buildings.middle_m[:single] >= low) & (one.buildings.middle_m[:single] <= high)).all()
