"""ChanceBook: how far a day may go otherwise than planned, source by source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.handover import Handover
    from doorstep.modes.mode import Value
    from doorstep.network.network import Medium


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
    """Share of handovers that fail, by kind; at doors what no neighbour takes in."""
    neighbour_share: float
    """Of the doors at which nobody is there, those at which a neighbour takes it in."""
    neighbour_s: float
    """How long it takes to find one."""
    wind_share: float
    """Share of the hours in which it is too windy to fly."""
    wind_persistence: float
    """Correlation from one hour to the next of what decides that."""
    rain_share: float
    """Share of the hours in which it rains, so that nothing flies."""
    rain_persistence: float
    rain_slower: float
    """How much longer ways among motor traffic take in these hours, as a share."""
    broken_per_m: Mapping[Medium, float]
    """Breakdowns in a metre, by medium."""
    mended_s: float
    """Until a vehicle that broke down goes on, or is off the street."""
    stopped_per_m: float
    """Times in a metre that a vehicle on the ground without a driver asks for somebody who watches."""
    stopped_s: float
    """How long that takes, once somebody is free."""
    full_spread: float
    """Of the compartments that parcels of earlier days hold."""
    recourse: Mapping[str, str]
    """`wait`, `courier`, `tomorrow` or `locker`, by what befell an order: missed, late, grounded, broken or full."""
    patience_s: float
    """How long a customer is waited for where the recourse is to wait."""
    courier_call_s: float
    """Until somebody who was called is there."""
    courier_mps: float
    courier_detour: float
    """His way over the straight line."""
    courier_handling_s: float
    carry_s: float
    """Work on an order that is carried to tomorrow."""
    values: tuple[Value, ...] = ()
    """Every number as the book gives it."""

    def scaled(self, factor: float) -> ChanceBook:
        """Return the book with all spreads, shares and rates times a factor; 0 leaves nothing to chance."""
        return replace(
            self,
            travel_spread=self.travel_spread * factor,
            leg_spread=self.leg_spread * factor,
            handover_spread=self.handover_spread * factor,
            missed={kind: min(1.0, share * factor) for kind, share in self.missed.items()},
            wind_share=min(1.0, self.wind_share * factor),
            rain_share=min(1.0, self.rain_share * factor),
            broken_per_m={medium: rate * factor for medium, rate in self.broken_per_m.items()},
            stopped_per_m=self.stopped_per_m * factor,
            full_spread=self.full_spread * factor,
        )
