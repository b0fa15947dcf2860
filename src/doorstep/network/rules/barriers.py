"""Barriers: which medium cannot pass the bollard, gate or stile that stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorstep.network.network import Medium
from doorstep.network.rules import sizes
from doorstep.network.rules.robots import KERB_KEYS, kerbed
from doorstep.network.rules.tags import CYCLE, FOOT, NO, VAN, YES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.network.rulebook import RuleBook

PASSED_BY_VANS = frozenset(
    (
        *(
            "gate",
            "lift_gate",
            "swing_gate",
            "sliding_gate",
            "cattle_grid",
            "border_control",
            "toll_booth",
            "sally_port",
        ),
        *("entrance", "bump_gate", "height_restrictor", "kerb", "rope", "chain", "hampshire_gate", "no"),
    ),
)
"""All else stops a van, as in the car profile of OSRM."""
STOPS_CYCLES = frozenset(
    (
        "stile",
        "kissing_gate",
        "turnstile",
        "full-height_turnstile",
        "cycle_barrier",
        "horse_stile",
        "motorcycle_barrier",
    ),
)
"""Cargo bikes and trikes are too long or too wide for them (estimate)."""
STOPS_ROBOTS = frozenset(("stile", "kissing_gate", "turnstile", "full-height_turnstile", "horse_stile"))


def barrier_stops(tags: Mapping[str, str]) -> frozenset[Medium]:
    """Return the media that cannot pass a node (page `Key:barrier` of the OpenStreetMap wiki), or are too large."""
    barrier = tags.get("barrier", "no")
    usual = {
        Medium.ROAD: barrier not in PASSED_BY_VANS,
        Medium.CYCLE: barrier in STOPS_CYCLES,
        Medium.PATH: barrier in STOPS_ROBOTS,
        Medium.FOOT: False,
    }
    keys = {Medium.ROAD: VAN, Medium.CYCLE: CYCLE, Medium.PATH: FOOT, Medium.FOOT: FOOT}
    limits = {key: tags[key] for key in sizes.NODE_KEYS if key in tags}
    return frozenset(
        medium
        for medium, stopped in usual.items()
        if _stopped(tags, keys[medium], stopped) or sizes.keeps_out(limits, medium)
    )


def kerb_stops(tags: Mapping[str, str], rules: RuleBook) -> bool:
    """Return whether a robot cannot cross a node for its kerb (page `Key:kerb`)."""
    return kerbed(tags, rules.robot)


def _stopped(tags: Mapping[str, str], keys: tuple[str, ...], usual: bool) -> bool:
    """Return whether a node is closed; the most special key decides, `access=yes` opens no bollard."""
    verdict = usual
    for key in keys:
        value = tags.get(key)
        if value in NO:
            verdict = True
        elif value in YES and key != "access":
            verdict = False
    return verdict


MARKS = ("barrier", *KERB_KEYS, *sorted(sizes.NODE_KEYS))
"""Keys of nodes that may stop somebody."""
KEYS = frozenset((*VAN, *CYCLE, *FOOT, *MARKS))
