"""Unread: rules that tags state and that nobody keeps to, being bound to hours or in words that no rule knows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from doorstep.network.counting import counted
from doorstep.network.rules.robots import KERB_M, slope_of
from doorstep.network.rules.sizes import metres
from doorstep.network.rules.tags import CYCLE, CYCLEWAYS, FOOT, KNOWN, ONEWAYS, SAID, VAN, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Rows = Sequence[tuple[dict[str, str], int]]

ACCESS_KEYS = SAID[VAN] | SAID[CYCLE] | SAID[FOOT]
ONEWAY_KEYS = frozenset(
    ("oneway", "oneway:bicycle", "oneway:foot", "oneway:motor_vehicle", *(f"{key}:oneway" for key in CYCLEWAYS)),
)
CONDITIONAL = frozenset(
    f"{key}:conditional" for key in (*VAN, *CYCLE[1:], *FOOT[1:], "oneway", "maxspeed", "maxweight", "maxheight")
)
"""Rules that hold at some hours, or for some vehicles (wiki page `Conditional restrictions`)."""
TOLD = 5
"""So many values are told of each kind, the most frequent ones."""
UNMEASURED = frozenset(("up", "down", "yes", "no", "steep", "unknown"))
"""Values of `incline` that are no number, and mean to be none (wiki page `Key:incline`)."""


def unread_notes(rows: Rows) -> Iterator[str]:
    """Yield how many rules of ways, with how often each row of tags occurs, are not kept to."""
    hours: Counter[str] = Counter()
    access: Counter[str] = Counter()
    oneway: Counter[str] = Counter()
    slopes: Counter[str] = Counter()
    for way, count in rows:
        if way.get("highway") not in KNOWN:
            continue
        hours.update(dict.fromkeys(CONDITIONAL & way.keys(), count))
        access.update({f"{key}={way[key]}": count for key in ACCESS_KEYS & way.keys() if verdict_of(way[key]) is None})
        oneway.update({f"{key}={way[key]}": count for key in ONEWAY_KEYS & way.keys() if way[key] not in ONEWAYS})
        slopes.update(dict.fromkeys(_unmeasured(way), count))
    if hours:
        yield f"{counted(hours.total(), 'rule')} for some hours or vehicles only, not kept to: {_most(hours)}"
    if access:
        yield f"{counted(access.total(), 'unknown word')} of access, changing nothing: {_most(access)}"
    if oneway:
        yield f"{counted(oneway.total(), 'unknown word')} of one-ways, open in both directions: {_most(oneway)}"
    if slopes:
        yield f"path: {counted(slopes.total(), 'unreadable tag')} of slope or kerb, stopping no robot: {_most(slopes)}"


def _unmeasured(way: Mapping[str, str]) -> Iterator[str]:
    """Yield slopes and kerbs of a way that cannot be read."""
    if "incline" in way and way["incline"] not in UNMEASURED and slope_of(way["incline"]) is None:
        yield f"incline={way['incline']}"
    if "kerb:height" in way and metres(way["kerb:height"]) is None:
        yield f"kerb:height={way['kerb:height']}"
    if "kerb" in way and way["kerb"] not in {*KERB_M, "yes"}:
        yield f"kerb={way['kerb']}"


def _most(counts: Counter[str]) -> str:
    """Return the most frequent words with their counts."""
    told = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{word[:40]!r} ({count})" for word, count in told[:TOLD]) + (
        " and others" if len(told) > TOLD else ""
    )
