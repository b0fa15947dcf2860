"""Survey: all that was read of a real map, in metres, and the network made of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.assemble import assemble_network
from doorstep.network.builtup import mark_built_up
from doorstep.network.doors import find_doors
from doorstep.network.rulebook import USUAL
from doorstep.network.streetdoors import with_street_doors
from doorstep.network.tagnotes import kerb_notes, tag_notes
from doorstep.network.ways import tabulate_ways

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.network.assemble import Sheet
    from doorstep.network.doors import Addresses, Buildings
    from doorstep.network.network import Doors, Medium, Network
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.turning import Turn
    from doorstep.network.ways import StreetTable, WayTags


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Ways as runs of nodes with their tags, barriers, buildings, addresses and lockers."""

    xy_m: NDArray[np.float64]
    """[nodes, 2] metres."""
    first: NDArray[np.int64]
    """[ways + 1] where the nodes of each way begin in `node`."""
    node: NDArray[np.integer]
    """[k] rows of `xy_m`, way by way."""
    tags: WayTags
    blocked: Mapping[Medium, NDArray[np.int64]]
    """Nodes where a barrier stands that the medium cannot pass."""
    buildings: Buildings
    addresses: Addresses
    lockers_m: NDArray[np.float64]
    """[n, 2] metres."""
    turns: Mapping[Medium, Sequence[Turn]] = field(default_factory=dict)
    """Restrictions that bind each medium."""
    kerbs: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Nodes where a kerb stands that robots do not climb."""


def chart_streets(survey: Survey, rules: RuleBook = USUAL) -> tuple[StreetTable, list[str]]:
    """Return the streets of a survey with what their tags and surroundings allow, and what was taken for granted."""
    tags, notes = mark_built_up(survey.tags, survey.first, survey.node, survey.xy_m, survey.buildings.middle_m)
    table = tabulate_ways(survey.xy_m, survey.first, survey.node, tags, survey.blocked, rules)
    table = replace(table, turns=survey.turns, kerbs=survey.kerbs)
    return table, [*tag_notes(tags, rules), *notes, *kerb_notes(table)]


def chart_doors(survey: Survey, table: StreetTable) -> tuple[Doors, list[str]]:
    """Return the doors of a survey whose streets are charted, and what was taken for granted."""
    doors, notes = find_doors(survey.buildings, survey.addresses)
    doors, more = with_street_doors(doors, table)
    return doors, [*notes, *more]


def chart_network(survey: Survey, table: StreetTable, sheet: Sheet) -> Network:
    """Return the network of a survey whose streets are charted."""
    doors, notes = chart_doors(survey, table)
    return assemble_network(replace(sheet, notes=(*sheet.notes, *notes)), table, doors, survey.lockers_m)
