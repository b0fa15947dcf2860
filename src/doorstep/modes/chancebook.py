"""ChanceBook: how far a day may go otherwise than planned, source by source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.handover import Handover
    from doorstep.modes.mode import Value


@dataclass(frozen=True, slots=True)
class ChanceBook:
    """Spreads are coefficients of variation: standard deviation over mean."""

    name: str
    label: str
    travel_spread: float
    """Of one hour's travel times among motor traffic, for all vehicles alike."""
    travel_persistence: float
    """Correlation of their logarithm from one hour to the next."""
    leg_spread: float
    """Of each leg by itself."""
    handover_spread: float
    """Of the time of each handover."""
    missed: Mapping[Handover, float]
    """Share of handovers that fail, by kind."""
    grounded_share: float
    """Share of the hours in which nothing flies."""
    grounded_persistence: float
    """Correlation from one hour to the next of what decides that."""
    values: tuple[Value, ...] = ()
    """Every number as the book gives it."""

    def scaled(self, factor: float) -> ChanceBook:
        """Return the book with all spreads and shares times a factor; 0 leaves nothing to chance."""
        return replace(
            self,
            travel_spread=self.travel_spread * factor,
            leg_spread=self.leg_spread * factor,
            handover_spread=self.handover_spread * factor,
            missed={kind: min(1.0, share * factor) for kind, share in self.missed.items()},
            grounded_share=min(1.0, self.grounded_share * factor),
        )
