"""Chart: a map that was read, of which is made what somebody asks for.

Layers for traffic need nothing but streets. What walkers and robots may use depends on the buildings, by which streets
are known to be built up; so do the doors. All that is made at once, when any of it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.network.access import RULES
from doorstep.network.assemble import assemble_network
from doorstep.network.layers import Layers
from doorstep.network.memory import give_back
from doorstep.network.network import KnownRoadside
from doorstep.network.region import leave_out_strays
from doorstep.network.streets import lay_streets
from doorstep.network.survey import chart_doors, chart_streets
from doorstep.network.ways import TRAFFIC, tabulate_ways

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from doorstep.network.assemble import Sheet
    from doorstep.network.houses import Houses
    from doorstep.network.network import Doors, Medium, Network
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.streets import Streets
    from doorstep.network.ways import StreetTable, Survey


class Chart:
    """The streets of a map, and its roadside as soon as somebody asks for it."""

    def __init__(
        self, sheet: Sheet, survey: Survey, draw: Callable[[], Houses], notes: tuple[str, ...], rules: RuleBook
    ) -> None:
        """Keep the streets, how the houses are drawn, and what reading the map needed so far."""
        self.sheet = sheet
        self.plain: StreetTable = tabulate_ways(survey, rules, TRAFFIC)
        """The streets as far as traffic is concerned."""
        self._given: tuple[Survey, Callable[[], Houses], tuple[str, ...], RuleBook] | None
        self._given = survey, draw, notes, rules
        self._made: tuple[StreetTable, KnownRoadside] | None = None

    def network(self) -> Network:
        """Return the network of the map."""
        return assemble_network(self.sheet, Layers(RULES, self.layer), self)

    def layer(self, medium: Medium) -> Streets:
        """Return the streets of a medium, laid anew each time."""
        return lay_streets(self.plain if medium in TRAFFIC else self.streets, medium)

    @property
    def streets(self) -> StreetTable:
        """The streets as far as anybody is concerned."""
        return self._whole()[0]

    @property
    def doors(self) -> Doors:
        """Where somebody may live or work."""
        return self._whole()[1].doors

    @property
    def lockers_m(self) -> NDArray[np.float64]:
        """Mapped parcel lockers [n, 2], metres."""
        return self._whole()[1].lockers_m

    @property
    def notes(self) -> tuple[str, ...]:
        """Repairs and defaults that reading it needed."""
        return self._whole()[1].notes

    def _whole(self) -> tuple[StreetTable, KnownRoadside]:
        """Return streets and roadside, made now if nobody asked for them before; what they are made of can go then."""
        given, made = self._given, self._made  # in this order, as another thread may make it
        if made is None:
            assert given is not None  # noqa: S101  # for the type checker
            made = self._made = _make(self.sheet, *given)
            self._given = None
            give_back(len(self.plain.xy_m))
        return made


def _make(
    sheet: Sheet, survey: Survey, draw: Callable[[], Houses], notes: tuple[str, ...], rules: RuleBook
) -> tuple[StreetTable, KnownRoadside]:
    """Return the streets of a map with what their surroundings allow, and what stands beside them."""
    houses = draw()
    table, street_notes = chart_streets(survey, houses, rules)
    doors, door_notes = chart_doors(houses, table)
    doors, lockers_m, stray_notes = leave_out_strays(doors, houses.lockers_m, survey.xy_m, sheet.extent_m)
    return table, KnownRoadside(doors, lockers_m, (*notes, *street_notes, *door_notes, *stray_notes))
