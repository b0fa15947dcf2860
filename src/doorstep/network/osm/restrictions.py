"""Restrictions: the relations of OpenStreetMap that forbid or prescribe a turn, and whom they bind.

Written after https://wiki.openstreetmap.org/wiki/Relation:restriction: they bind all that rolls, bicycles too unless
`except=bicycle` lets them off, and nobody on foot.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from doorstep.network.counting import counted
from doorstep.network.graph.turning import Turn
from doorstep.network.network import Medium
from doorstep.network.osm.viaways import nodes_of, paths_over
from doorstep.network.rules.tags import CYCLE, VAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from doorstep.network.osm.pbf import Relation
    from doorstep.network.osm.viaways import Runs

FORBIDDEN = frozenset(
    ("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"),
)
PRESCRIBED = frozenset(("only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"))
BOUND = {Medium.ROAD: VAN[1:], Medium.CYCLE: CYCLE[1:]}
"""Kinds of traffic that each medium is one of, the most special one last; lorries (`hgv`) are above 3.5 t."""
KEYS = ("restriction", *(f"restriction:{key}" for key in dict.fromkeys((*VAN[1:], *CYCLE[1:], "hgv", "bus"))))
KEYS = (*KEYS, *(f"{key}:conditional" for key in KEYS))
AT_TIMES = ("day_on", "hour_on")
"""Keys by which restrictions were once given hours."""
FREE_TO_TURN = "turning round is allowed at every junction and dead end where no sign forbids it"


class Found(NamedTuple):
    """The turn restrictions of a map."""

    turns: Mapping[Medium, Sequence[Turn]]
    notes: list[str]


def sign_of(tags: Mapping[str, str], medium: Medium) -> str:
    """Return what a restriction says to a medium: a value of `restriction`, or nothing if it does not bind it.

    The key of the most special kind of traffic decides; `except` lets off those that it names.
    """
    said = "" if _let_off(tags.get("except", ""), medium) else tags.get("restriction", "")
    for key in BOUND[medium]:
        said = tags.get(f"restriction:{key}", said)
    return said


def _let_off(named: str, medium: Medium) -> bool:
    return not {name.strip() for name in named.split(";")}.isdisjoint(BOUND[medium])


def read_restrictions(
    relations: Sequence[Relation],
    way_ids: NDArray[np.int64],
    node_ids: NDArray[np.int64],
    runs: Runs,
) -> Found:
    """Return the restrictions that bind vans and cycles, by rows of the streets [ways] and of their nodes [nodes].

    Streets may be there in pieces of the same id; ids of nodes rise. What is not honoured is counted in the notes.
    """
    turns: dict[Medium, list[Turn]] = {medium: [] for medium in BOUND}
    if not relations:
        return Found(turns, [f"turns: the file holds no turn restrictions; {FREE_TO_TURN}"])
    order = np.argsort(way_ids, kind="stable")
    rising = way_ids[order]
    left: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    kept: Counter[Medium] = Counter()
    for relation in relations:
        said = {medium: sign for medium in BOUND if (sign := sign_of(relation.tags, medium))}
        if any(key in relation.tags for key in AT_TIMES) or (not said and _conditional(relation.tags)):
            left["holding at some hours only"] += 1
            continue
        known = {medium: sign for medium, sign in said.items() if sign in FORBIDDEN | PRESCRIBED}
        if not known:
            strange.update(set(said.values()))
            left["saying what no rule reads" if said else "binding neither vans nor cycles"] += 1
            continue
        start, end = (_rows(relation, role, rising, order) for role in ("from", "to"))
        over = [_rows_of(ref, rising, order) for ref, role in relation.ways if role == "via"]
        vias = [ref for ref, role in relation.nodes if role == "via"]
        via = int(np.searchsorted(node_ids, vias[0])) if len(vias) == 1 else len(node_ids)
        there = all(over) if over else via < len(node_ids) and node_ids[via] == vias[0]
        if not start or not end or not there:
            left["lacking a member that is a street, or a node of one, in the file"] += 1
            continue
        ways = paths_over(over, nodes_of(start, runs), nodes_of(end, runs), runs) if over else [(via,)]
        if not ways:
            left["leading over streets that do not join their ends"] += 1
            continue
        for medium, sign in known.items():
            kept[medium] += 1
            one = Turn(start, (), end, sign in PRESCRIBED, sign.endswith("u_turn"), frozenset().union(*over))
            turns[medium].extend(one._replace(via=way) for way in ways)
    return Found(turns, _notes(len(relations), kept, left, strange))


def _conditional(tags: Mapping[str, str]) -> bool:
    return any(key.endswith(":conditional") for key in tags)


def _rows(relation: Relation, role: str, rising: NDArray[np.int64], order: NDArray[np.int64]) -> frozenset[int]:
    """Return the rows of the streets that play a role; none if one of them is missing."""
    found = [_rows_of(ref, rising, order) for ref, its in relation.ways if its == role]
    return frozenset().union(*found) if all(found) else frozenset()


def _rows_of(ref: int, rising: NDArray[np.int64], order: NDArray[np.int64]) -> frozenset[int]:
    """Return the rows of one street."""
    low, high = np.searchsorted(rising, ref), np.searchsorted(rising, ref, "right")
    return frozenset(order[low:high].tolist())


def _notes(count: int, kept: Counter[Medium], left: Counter[str], strange: Counter[str]) -> list[str]:
    """Return how many restrictions bind whom, and why others do not."""
    binding = " and ".join(f"{kept[medium]} for {medium}" for medium in BOUND)
    notes = [f"turns: of {counted(count, 'turn restriction')} {binding} kept to; {FREE_TO_TURN}"]
    if left:
        why = "; ".join(f"{many} {reason}" for reason, many in sorted(left.items()))
        words = f" ({', '.join(sorted(strange))})" if strange else ""
        notes.append(f"turns: restrictions not kept to: {why}{words}")
    return notes
