"""Traffic: how much longer than on empty streets driving takes, by road class, street and hour.

A profile divides the speed of motor traffic; a vehicle goes at that, or at its own top speed where it is lower. So vans
are slowed, cycles only where traffic falls below their own speed, robots and people on foot never, and nobody on ways
that are closed to motor traffic.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.network import Medium, Pace
from doorstep.network.roadclass import CLASS_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.network.streets import Streets

DAY_S = 86400.0
MOST = 100.0
"""Factors are between one divided by this and this: beyond, somebody has mistaken them for speeds."""
_FOLDER = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Time factors of a day that comes again every day: travel time at an hour by that at free flow."""

    name: str
    break_s: NDArray[np.float64]
    """[periods + 1] seconds since midnight, from 0 to 86,400, rising."""
    factor: NDArray[np.float64]
    """[periods, classes] in the order of CLASS_NAMES, then those of single streets [periods, classes + streets]."""
    notes: tuple[str, ...] = ()
    """What the numbers rest on."""
    street: NDArray[np.int64] | None = None
    """[edges] column of `factor` of those road edges that have one of their own, -1 for the others."""

    def __post_init__(self) -> None:
        """Raise InputError with every fault found."""
        breaks, factor = np.asarray(self.break_s, float), np.asarray(self.factor, float)
        faults, where = [], f"traffic {self.name!r}"
        day = breaks.ndim == 1 and len(breaks) > 1 and breaks[0] == 0 and breaks[-1] == DAY_S
        if not (day and (np.diff(breaks) > 0).all()):
            faults.append(Fault(where, "its periods do not make up a day", "rise from 0 to 86400 s", "traffic-day"))
        own = 0 if self.street is None else int(self.street.max(initial=-1)) + 1 - len(CLASS_NAMES)
        wanted = breaks.size - 1, len(CLASS_NAMES) + max(own, 0)
        if factor.shape != wanted:
            what, fix = f"factors of shape {list(factor.shape)}", f"give {list(wanted)}: one a period and class"
            faults.append(Fault(where, what, fix, "traffic-shape"))
        if wrong := int((~((factor >= 1 / MOST) & (factor <= MOST))).sum()):
            what = f"{wrong} factors are not between {1 / MOST:g} and {MOST:g}"
            faults.append(Fault(where, what, "give travel time divided by that at free flow", "traffic-factor"))
        if faults:
            raise InputError(faults)
        object.__setattr__(self, "break_s", breaks)
        object.__setattr__(self, "factor", np.ascontiguousarray(factor))

    def period(self, clock_s: float) -> int:
        """Return the period that holds at so many seconds since midnight, of this day or any other."""
        return int(np.searchsorted(self.break_s, clock_s % DAY_S, side="right")) - 1

    def pace(self, max_speed_mps: float, clock_s: float) -> Pace:
        """Return the pace of a vehicle while the period at a time lasts.

        Raises InputError if single streets have factors of their own, which a pace cannot tell; `timetable` and
        `journeys` can.
        """
        if self.street is not None:
            fix = "ask `timetable` or `journeys` instead"
            raise InputError.of(f"traffic {self.name!r}", "single streets have factors of their own", fix)
        return Pace(max_speed_mps, tuple(self.factor[self.period(clock_s)].tolist()))

    def columns(self, streets: Streets) -> NDArray[np.int64]:
        """Return which column of `factor` holds on the segment that begins at each point of a layer [points].

        Raises InputError if single streets have factors of their own, but on another map.
        """
        column = streets.edges.road_class.astype(np.int64)
        if self.street is None or streets.medium != Medium.ROAD:
            return column
        if len(self.street) != len(streets.edges.tail):
            what = f"is of a map with {len(self.street)} road edges, this one has {len(streets.edges.tail)}"
            raise InputError.of(f"traffic {self.name!r}", what, "read its table for this map", "other-map")
        own = np.repeat(self.street, np.diff(streets.edges.first))
        return np.where(own >= 0, own, column)


def traffic_names() -> list[str]:
    """Return the names of the traffic profiles that come with Doorstep."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def load_traffic(name: str) -> Traffic:
    """Return a traffic profile that comes with Doorstep; InputError where none has that name."""
    names = traffic_names()
    if name not in names:
        near = get_close_matches(str(name), names, n=1)
        fix = f"did you mean '{near[0]}'?" if near else f"one of: {', '.join(names)}"
        raise InputError.of("traffic", f"no profile is called '{name}'", fix, "unknown-traffic")
    facts = _read(name)
    by_hour = _hours(facts)
    notes = [_told(key, value) for key, value in facts.items() if isinstance(value, dict)]
    if "hours" in facts:
        shape = facts["hours"]["of"]
        notes += [f"{shape}, {note}" for note in load_traffic(shape).notes if not note.startswith("road classes")]
    factor = np.repeat(by_hour[:, None], len(CLASS_NAMES), axis=1)
    return Traffic(name, DAY_S * np.arange(len(by_hour) + 1) / len(by_hour), factor, tuple(notes))


def traffic_facts(name: str) -> dict[str, dict[str, Any]]:
    """Return what a profile that comes with Doorstep rests on, by key: numbers, unit, source or estimate, note."""
    own = {key: fact for key, fact in _read(name).items() if isinstance(fact, dict)}
    shape = traffic_facts(own["hours"]["of"]) if "hours" in own else {}
    return {**shape, **own}


def _hours(facts: dict[str, Any]) -> NDArray[np.float64]:
    """Return the factors of a profile's hours: one for all, by speeds, or those of another up to a peak of its own."""
    if "factor" in facts:
        return np.array([facts["factor"]["value"]], float)
    if "hourly_speed" in facts:
        return np.asarray(facts["free_speed"]["value"] / np.array(facts["hourly_speed"]["values"], float))
    other = load_traffic(facts["hours"]["of"]).factor[:, 0]
    return np.asarray(1 + (other - 1) * (facts["peak_factor"]["value"] - 1) / (other.max() - 1))


def _told(key: str, value: dict[str, Any]) -> str:
    """Return what one entry of a profile rests on."""
    number = f" {value['value']:g} {value['unit']}" if "value" in value else ""
    origin = f"source {value['source']}" if "source" in value else f"estimate: {value['estimate']}"
    return f"{key.replace('_', ' ')}{number}: {origin}" + (f" ({value['note']})" if "note" in value else "")


def _read(name: str) -> Any:
    """Return the file of a profile as it is."""
    import yaml

    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
