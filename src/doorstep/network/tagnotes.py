"""Tag notes: what reading the tags of a map took for granted, refused or could not read."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from doorstep.network.access import RULES, drive, is_private
from doorstep.network.counting import counted
from doorstep.network.rulebook import USUAL
from doorstep.network.rules import sizes
from doorstep.network.rules.ferries import is_ferry
from doorstep.network.rules.robots import refusal, rolled
from doorstep.network.rules.speed import is_number, limit_kmh
from doorstep.network.rules.tags import KNOWN, UNUSED
from doorstep.network.rules.unread import TOLD, unread_notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from doorstep.network.network import Medium
    from doorstep.network.rulebook import RuleBook
    from doorstep.network.ways import StreetTable, WayTags

    Rows = Sequence[tuple[dict[str, str], int]]

SPEED_KEYS = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
_LANES = re.compile(r"0*[1-9]\d?(\.5)?")


def tag_notes(tags: WayTags, rules: RuleBook = USUAL) -> list[str]:
    """Return what reading the tags of ways took for granted."""
    rows = tags.counts()
    parts = (_classes, _speeds, _lanes, _sizes, _closed, _ferries, _robots)
    return [*(note for part in parts for note in part(rows, rules)), *unread_notes(rows)]


def kerb_notes(table: StreetTable) -> list[str]:
    """Return how many kerbs stop robots."""
    if not len(table.kerbs):
        return []
    stand = counted(len(table.kerbs), "kerb is", "kerbs are")
    return [f"path: {stand} too high for robots; those of unknown height are climbed"]


def _classes(rows: Rows, _rules: RuleBook) -> Iterator[str]:
    """Tell classes that no rule knows."""
    strange: Counter[str] = Counter()
    for way, count in rows:
        highway = way.get("highway", "")
        if (highway == "trail" or highway not in KNOWN | UNUSED) and not is_ferry(way):
            strange[highway] += count
    if trails := strange.pop("trail", 0):
        yield f"{counted(trails, 'way')} tagged highway=trail, no agreed class; people walk there, nobody rides"
    if strange:
        yield f"{counted(strange.total(), 'way')} of classes that no rule knows, not used: {_most(strange)}"


def _speeds(rows: Rows, _rules: RuleBook) -> Iterator[str]:
    """Tell how many speed limits are stated, in words, or in vain."""
    unread: Counter[str] = Counter()
    words: Counter[str] = Counter()
    driven = limited = 0
    for way, count in rows:
        texts = [way[key] for key in SPEED_KEYS if key in way]
        if (not texts and way.get("highway") not in KNOWN) or not any(drive(way)):
            continue
        driven += count
        limits = [limit_kmh(text) for text in texts]
        limited += count if any(limits) else 0
        for text, limit in zip(texts, limits, strict=True):
            if not limit:
                unread[text] += count
            elif not is_number(text):
                words[text] += count
    if driven:
        yield (
            f"{limited} of {counted(driven, 'way')} for vans with a readable speed limit, of which 80 % is driven; "
            "the others have the usual speed of their class (car profile of OSRM)"
        )
    if words:
        read_as = {text: f"{limit_kmh(text):g} km/h" for text in words}
        yield f"{counted(words.total(), 'speed limit')} not a plain number, read so: {_most(words, read_as)}"
    if unread:
        yield f"{counted(unread.total(), 'speed limit')} that cannot be read and so taken as unstated: {_most(unread)}"


def _lanes(rows: Rows, _rules: RuleBook) -> Iterator[str]:
    """Tell numbers of lanes that cannot be."""
    strange: Counter[str] = Counter()
    for way, count in rows:
        if "lanes" in way and not all(_LANES.fullmatch(part.strip()) for part in way["lanes"].split(";")):
            strange[way["lanes"]] += count
    if strange:
        yield f"{counted(strange.total(), 'number')} of lanes that cannot be; no rule needs it: {_most(strange)}"


def _sizes(rows: Rows, rules: RuleBook) -> Iterator[str]:
    """Tell ways that are too small for a vehicle, and limits that cannot be read."""
    unread: Counter[str] = Counter()
    small: Counter[Medium] = Counter()
    for way, count in rows:
        if sizes.KEYS.isdisjoint(way):
            continue
        unread.update(dict.fromkeys(sizes.unread(way), count))
        free = {key: value for key, value in way.items() if key not in sizes.KEYS}
        out = [medium for medium in sizes.SIZES if sizes.keeps_out(way, medium)]
        small.update({medium: count for medium in out if any(RULES[medium](free, rules))})
    for medium, count in sorted(small.items()):
        high, wide, long_, mass = sizes.SIZES[medium]
        yield (
            f"{medium}: {counted(count, 'way')} too low, narrow, short or weak for a vehicle {high:g} m high, "
            f"{wide:g} m wide, {long_:g} m long and of {mass:g} t, and so not used by it"
        )
    if unread:
        yield f"{counted(unread.total(), 'limit')} of size that cannot be read, binding nobody: {_most(unread)}"


def _closed(rows: Rows, _rules: RuleBook) -> Iterator[str]:
    """Tell private roads."""
    if count := sum(count for way, count in rows if is_private(way)):
        yield f"road: {counted(count, 'private road')} not used; doors there are served from the nearest street that is"


def _ferries(rows: Rows, _rules: RuleBook) -> Iterator[str]:
    """Tell how ferries are used."""
    ships = [(way, count) for way, count in rows if is_ferry(way)]
    if count := sum(count for _, count in ships):
        silent = sum(count for way, count in ships if "duration" not in way)
        yield (
            f"of {counted(count, 'ferry', 'ferries')} those are used that let vans or cycles in by their tags; "
            f"{silent} of untold duration at 5 km/h (car profile of OSRM); nobody goes faster on board than by himself"
        )


def _robots(rows: Rows, rules: RuleBook) -> Iterator[str]:
    """Tell what robots can do, and why they cannot use ways that are open to them."""
    robot = rules.robot
    whys: Counter[str] = Counter()
    for way, count in rows:
        if (why := refusal(way, robot)) and (why == "steps" or any(rolled(way, robot))):
            whys[why] += count
    told = ", ".join(f"{why} ({count})" for why, count in whys.most_common()) or "none"
    yield (
        f"path: ways closed to robots, which need {robot.width_m:g} m, slopes up to {100 * robot.incline:g} % and "
        f"kerbs up to {100 * robot.kerb_m:g} cm: {told}; what is not tagged is taken to be fit"
    )
    if robot.roads_kmh > 0:
        yield f"path: robots use carriageways without a pavement where the limit is at most {robot.roads_kmh:g} km/h"


def _most(counts: Mapping[str, int], read_as: Mapping[str, str] | None = None) -> str:
    """Return the most frequent values with what they are read as, if anything, and their counts."""
    names = {value: f"{value[:40]!r}" + (f" as {read_as[value]}" if read_as else "") for value in counts}
    told = ", ".join(f"{names[value]} ({count})" for value, count in Counter(counts).most_common(TOLD))
    return told + (" and others" if len(counts) > TOLD else "")
