"""Doors: where somebody may live or work, out of the buildings and addresses of a map.

What OpenStreetMap does not say is estimated: every constant below is an estimate unless a source stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.counting import counted
from doorstep.network.network import Doors

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLATS = frozenset(("apartments", "dormitory", "block", "tower", "tenement", "flats", "mixed_use"))
HOUSES = frozenset(
    (
        *("house", "detached", "semidetached_house", "semi", "terrace", "bungalow", "villa", "farm", "cabin"),
        *("houseboat", "static_caravan", "ger", "trullo", "stilt_house", "townhouse"),
    ),
)
UNSAID = frozenset(("residential", "yes"))
"""Homes, or probably so, without word of what kind (wiki page `Key:building`)."""
NOT_HOME_KEYS = (
    "amenity",
    "shop",
    "office",
    "leisure",
    "tourism",
    "man_made",
    "power",
    "railway",
    "aeroway",
    "military",
)
"""A building=yes with one of these is something else."""

LEAST_HOME_M2 = 25.0
"""Smaller footprints are sheds."""
LEAST_UNSAID_M2 = 60.0
"""Smaller ones of building=yes are garages, saunas and stables; nearly all houses of the shipped maps are larger."""
FLATS_M2 = 400.0
"""Footprint above which a building of unsaid kind holds flats."""
FLATS_LEVELS = 3
FLATS_LEAST_M2 = 150.0
"""With so many levels on so much ground it also holds flats."""
USUAL_LEVELS = 3.0
"""Of blocks of flats, where too few buildings of the map tell theirs."""
LEVELS_SAMPLE = 20
"""So many must tell for their median to stand for the others."""
GROSS_M2_PER_HOME = 110.0
"""Floor area, stairs and walls included, for each home in a block of flats."""
ROW_HOUSE_M2 = 70.0
"""Footprint of one house in a row drawn as one building."""
SAME_PLACE_M = 500.0
"""The same street and number farther off is another place of that name."""


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """The n buildings of a map."""

    area_m2: NDArray[np.float64]
    """[n] of their footprints."""
    middle_m: NDArray[np.float64]
    """[n, 2] of their footprints, metres."""
    kind: NDArray[np.object_]
    """[n] value of `building`; of building=yes that is used for something else, that use."""
    levels: NDArray[np.float64]
    """[n] NaN where nobody said."""


@dataclass(frozen=True, slots=True, eq=False)
class Addresses:
    """The n addresses of a map, those of buildings included."""

    xy_m: NDArray[np.float64]
    """[n, 2] metres."""
    text: NDArray[np.object_]
    """[n] street and number."""
    owner: NDArray[np.int64]
    """[n] the building in which each lies, -1 where in none."""


def building_kind(tags: dict[str, str]) -> str:
    """Return the value of `building`, or for building=yes the use that another tag gives it."""
    kind = tags["building"]
    return next((f"{key}={tags[key]}" for key in NOT_HOME_KEYS if key in tags), kind) if kind == "yes" else kind


def find_doors(buildings: Buildings, addresses: Addresses) -> tuple[Doors, tuple[str, ...]]:
    """Return the doors of a map, and what was taken for granted.

    A home without an address is one door at its middle. Addresses inside a building are its doors, each once, and
    share its homes; a building that is no home has one door and one home for each. Addresses elsewhere are houses.
    """
    area_m2, owner = buildings.area_m2, addresses.owner
    levels, notes = _levels(buildings)
    home, home_note = _homes(buildings.kind, area_m2)
    flat = _flat(buildings.kind, area_m2, levels, buildings.levels)
    homes = np.where(home, _home_counts(buildings.kind, area_m2, levels, flat), 0.0)
    kept = _first_of_each(addresses, owner)
    xy_m, text_owner = addresses.xy_m[kept], owner[kept]
    count = np.bincount(text_owner[text_owner >= 0], minlength=len(area_m2))
    share = np.maximum(homes / np.maximum(count, 1), 1.0)
    inside = text_owner >= 0
    alone = home & (count == 0)
    doors = Doors(
        np.concatenate([buildings.middle_m[alone], xy_m]).reshape(-1, 2),
        np.concatenate([flat[alone], np.where(inside, flat[np.maximum(text_owner, 0)] if len(flat) else False, False)]),
        np.concatenate([homes[alone], np.where(inside, share[np.maximum(text_owner, 0)] if len(share) else 1.0, 1.0)]),
    )
    if not len(area_m2) and not len(xy_m):
        return doors, ("neither buildings nor addresses are mapped",)
    told = (
        f"{counted(len(doors.flat), 'door')} from {counted(int(home.sum()), 'home')} among "
        f"{counted(len(area_m2), 'building')} and from {counted(len(xy_m), 'address', 'addresses')}; which "
        "are flats, and how many homes they hold, is estimated from footprint and levels"
    )
    return doors, (told, *notes, *home_note)


def _homes(kind: NDArray[np.object_], area_m2: NDArray[np.float64]) -> tuple[NDArray[np.bool_], list[str]]:
    """Return which buildings are homes; building=yes counts unless the map names more homes than it leaves unnamed."""
    said = np.array([name in FLATS or name in HOUSES or name == "residential" for name in kind], bool)
    said &= area_m2 >= LEAST_HOME_M2
    unsaid = np.array([name == "yes" for name in kind], bool) & (area_m2 >= LEAST_UNSAID_M2)
    named, unnamed = int(said.sum()), int(unsaid.sum())
    if named > unnamed > 0:
        return said, [
            f"{counted(unnamed, 'building')} of no stated kind not taken for homes, as others say they are ({named})"
        ]
    if unnamed:
        return said | unsaid, [f"{counted(unnamed, 'building')} of no stated kind and at least 60 m² taken for homes"]
    return said, []


def _levels(buildings: Buildings) -> tuple[NDArray[np.float64], list[str]]:
    """Return levels for all buildings: as told, else the median of those that tell, else the usual number."""
    told = buildings.levels[np.isfinite(buildings.levels)]
    usual = float(np.median(told)) if len(told) >= LEVELS_SAMPLE else USUAL_LEVELS
    missing = int(np.isnan(buildings.levels).sum())
    all_ = counted(len(buildings.levels), "building")
    notes = [f"{missing} of {all_} without levels; blocks of flats among them have {usual:g}"]
    return np.where(np.isfinite(buildings.levels), buildings.levels, usual), notes if missing else []


def _flat(
    kind: NDArray[np.object_],
    area_m2: NDArray[np.float64],
    levels: NDArray[np.float64],
    told: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Return which buildings hold flats: as their kind says, else by footprint and levels.

    Where nobody told the levels, the median of the map's buildings counts if it is that of a town.
    """
    high = (levels >= FLATS_LEVELS) & (np.isfinite(told) | (levels > USUAL_LEVELS)) & (area_m2 >= FLATS_LEAST_M2)
    said = np.array([name in FLATS for name in kind], bool)
    house = np.array([name in HOUSES for name in kind], bool)
    return said | (~house & (high | (area_m2 >= FLATS_M2)))


def _home_counts(
    kind: NDArray[np.object_],
    area_m2: NDArray[np.float64],
    levels: NDArray[np.float64],
    flat: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return how many homes each building would hold: at least two in flats, and the houses of a row."""
    row = np.array([name == "terrace" for name in kind], bool)
    houses = np.where(row, np.maximum(1.0, np.round(area_m2 / ROW_HOUSE_M2)), 1.0)
    return np.where(flat, np.maximum(2.0, np.round(area_m2 * levels / GROSS_M2_PER_HOME)), houses)


def _first_of_each(addresses: Addresses, owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows of addresses without those that are there twice: in one building, or near each other outside."""
    cell = np.floor(addresses.xy_m / SAME_PLACE_M).astype(np.int64)
    seen: dict[tuple[object, ...], int] = {}
    for row, text in enumerate(addresses.text):
        place = (int(owner[row]),) if owner[row] >= 0 else (-1, *cell[row].tolist())
        seen.setdefault((text, *place), row)
    return np.fromiter(seen.values(), np.int64, len(seen))
