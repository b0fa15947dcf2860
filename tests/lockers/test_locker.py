"""Whether parcels fit into a locker."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from doorstep.handover import Size
from doorstep.lockers.locker import Locker, fits

COUNTS = st.dictionaries(st.sampled_from(Size), st.integers(0, 3)).filter(lambda counts: sum(counts.values()) <= 5)


def _by_trying(compartments: dict[Size, int], parcels: dict[Size, int]) -> bool:
    """Tell whether some way of putting each parcel into a compartment of its own works, by trying them all."""
    rooms = [size.rank for size, count in compartments.items() for _ in range(count)]
    goods = [size.rank for size, count in parcels.items() for _ in range(count)]
    return len(goods) <= len(rooms) and any(
        all(room >= good for room, good in zip(order, goods, strict=False)) for order in permutations(rooms, len(goods))
    )


@given(compartments=COUNTS, parcels=COUNTS)
def test_fits_as_by_trying(compartments: dict[Size, int], parcels: dict[Size, int]) -> None:
    """Parcels fit by Hall's rule exactly where trying every way finds one."""
    assert fits(Locker("l", 0, 0, compartments), parcels) == _by_trying(compartments, parcels)


@given(compartments=COUNTS, parcels=COUNTS, more=st.sampled_from(Size))
def test_more_room_never_hurts(compartments: dict[Size, int], parcels: dict[Size, int], more: Size) -> None:
    """What fits into a locker also fits once it has a compartment more."""
    larger = {**compartments, more: compartments.get(more, 0) + 1}
    assert fits(Locker("l", 0, 0, larger), parcels) >= fits(Locker("l", 0, 0, compartments), parcels)


def test_free_from() -> None:
    """A size may take compartments of its own size and larger ones, and no smaller."""
    locker = Locker("l", 0, 0, {Size.S: 3, Size.M: 2, Size.XL: 1})
    assert [locker.free_from(size) for size in Size] == [6, 3, 1, 1]


def test_large_parcels_crowd_out_small() -> None:
    """Two medium parcels leave no room for a third small one in a locker of one small and two medium compartments."""
    locker = Locker("l", 0, 0, {Size.S: 1, Size.M: 2})
    assert fits(locker, {Size.S: 1, Size.M: 2})
    assert not fits(locker, {Size.S: 2, Size.M: 2})
    assert not fits(locker, {Size.L: 1})
