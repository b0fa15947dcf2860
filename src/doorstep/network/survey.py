"""Survey: the streets that were read of a real map, in metres, and what is made of them and of the houses there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.access import RULES
from doorstep.network.builtup import mark_built_up
from doorstep.network.doors import find_doors
from doorstep.network.rulebook import USUAL
from doorstep.network.streetdoors import with_street_doors
from doorstep.network.tagnotes import kerb_notes, tag_notes
from doorstep.network.ways import tabulate_ways

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.network.graph.turning import Turn
    from doorstep.network.houses import Houses
    from doorstep.network.network import Doors, Medium
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.ways import StreetTable, WayTags


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Ways as runs of nodes with their tags, barriers, turns and kerbs."""

    xy_m: NDArray[np.float64]
    """[nodes, 2] metres."""
    first: NDArray[np.int64]
    """[ways + 1] where the nodes of each way begin in `node`."""
    node: NDArray[np.integer]
    """[k] rows of `xy_m`, way by way."""
    tags: WayTags
    blocked: Mapping[Medium, NDArray[np.int64]]
    """Nodes where a barrier stands that the medium cannot pass."""
    turns: Mapping[Medium, Sequence[Turn]] = field(default_factory=dict)
    """Restrictions that bind each medium."""
    kerbs: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Nodes where a kerb stands that robots do not climb."""


def chart_streets(survey: Survey, houses: Houses, rules: RuleBook = USUAL) -> tuple[StreetTable, list[str]]:
    """Return the streets of a survey with what their tags and surroundings allow, and what was taken for granted."""
    middle_m = houses.buildings.middle_m
    tags, notes = mark_built_up(survey.tags, survey.first, survey.node, survey.xy_m, middle_m)
    table = plain_streets(replace(survey, tags=tags), rules)
    return table, [*tag_notes(tags, rules), *notes, *kerb_notes(table)]


def plain_streets(survey: Survey, rules: RuleBook, media: Sequence[Medium] = tuple(RULES)) -> StreetTable:
    """Return the streets of a survey with what their tags allow to some media, vans among them."""
    table = tabulate_ways(survey.xy_m, survey.first, survey.node, survey.tags, survey.blocked, rules, media)
    return replace(table, turns=survey.turns, kerbs=survey.kerbs)


def chart_doors(houses: Houses, table: StreetTable) -> tuple[Doors, list[str]]:
    """Return the doors of a map whose streets are charted, and what was taken for granted."""
    doors, notes = find_doors(houses.buildings, houses.addresses)
    doors, more = with_street_doors(doors, table)
    return doors, [*houses.notes, *notes, *more]
