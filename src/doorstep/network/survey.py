"""Survey: what is made of the streets that were read of a real map, and of the houses there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from doorstep.network.builtup import mark_built_up
from doorstep.network.doors import find_doors
from doorstep.network.rulebook import USUAL
from doorstep.network.streetdoors import with_street_doors
from doorstep.network.tagnotes import kerb_notes, tag_notes
from doorstep.network.ways import tabulate_ways

if TYPE_CHECKING:
    from doorstep.network.houses import Houses
    from doorstep.network.network import Doors
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.ways import StreetTable, Survey


def chart_streets(survey: Survey, houses: Houses, rules: RuleBook = USUAL) -> tuple[StreetTable, list[str]]:
    """Return the streets of a survey with what their tags and surroundings allow, and what was taken for granted."""
    middle_m = houses.buildings.middle_m
    tags, notes = mark_built_up(survey.tags, survey.first, survey.node, survey.xy_m, middle_m)
    table = tabulate_ways(replace(survey, tags=tags), rules)
    return table, [*tag_notes(tags, rules), *notes, *kerb_notes(table)]


def chart_doors(houses: Houses, table: StreetTable) -> tuple[Doors, list[str]]:
    """Return the doors of a map whose streets are charted, and what was taken for granted."""
    doors, notes = find_doors(houses.buildings, houses.addresses)
    doors, more = with_street_doors(doors, table)
    return doors, [*houses.notes, *notes, *more]
