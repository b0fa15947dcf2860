"""Locker: where a parcel can wait, and how many compartments it may wait in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doorstep.handover import Handover, Size
from doorstep.lockers.occupancy import Dwell

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Locker:
    """A bank of compartments that customers open by themselves."""

    name: str
    x_m: float
    y_m: float
    compartments: Mapping[Size, int]
    """Compartments of each size that are free at the start of the day."""
    open_s: float = 0.0
    close_s: float = 172_800.0
    """Couriers and customers can get at it between the two, and at those hours of every other day."""
    dwell: Dwell = Dwell(50_400.0, 0.5)  # noqa: RUF009  # frozen itself
    """How long parcels stay; an estimate, as the scenario file's default is."""
    taken: Mapping[Size, int] = field(default_factory=dict)
    """Compartments of each size that still hold parcels of earlier days, beside the free ones."""
    is_kiosk: bool = False
    """True where it takes parcels in by itself, from the air and from driverless vans too."""

    @property
    def kind(self) -> Handover:
        """How parcels are handed over to it."""
        return Handover.KIOSK if self.is_kiosk else Handover.LOCKER

    @property
    def size(self) -> int:
        """Number of all compartments, free or not."""
        return sum(self.compartments.values()) + sum(self.taken.values())

    def of_size(self, size: Size) -> int:
        """Return how many compartments of this very size there are, free or not."""
        return self.compartments.get(size, 0) + self.taken.get(size, 0)

    def takes(self, size: Size) -> bool:
        """Tell whether any compartment, free or not, is of this size or larger."""
        return any(self.of_size(larger) for larger in Size if larger.rank >= size.rank)

    def free_from(self, size: Size) -> int:
        """Return how many free compartments take a parcel of this size or larger."""
        return sum(n for s, n in self.compartments.items() if s.rank >= size.rank)


def fits(locker: Locker, sizes: Mapping[Size, int]) -> bool:
    """Tell whether a locker takes so many parcels of each size at once.

    Sizes are nested, so by Hall's theorem it does if and only if, for every size, the parcels of that size or larger
    are no more than the compartments of that size or larger.
    """
    return all(sum(n for s, n in sizes.items() if s.rank >= size.rank) <= locker.free_from(size) for size in Size)
