"""Network: where things can go, in metres of one projected reference system."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from doorstep.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray


class Medium(StrEnum):
    """What a mode moves on; each is one layer of the network."""

    ROAD = "road"
    CYCLE = "cycle"
    PATH = "path"
    FOOT = "foot"
    AIR = "air"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one mode goes on a layer: its own top speed, and what traffic does to free speeds."""

    max_speed_mps: float
    traffic_factor: float | tuple[float, ...] = 1.0
    """Travel time by free time: one for all streets, or one for each road class, in the order of CLASS_NAMES.

    It is either the one or the other, so that a factor of a scenario is never multiplied with those of an hour.
    """

    def __post_init__(self) -> None:
        """Raise InputError for a speed or factors that are not above zero: searches would go round for ever."""
        factors = self.traffic_factor if isinstance(self.traffic_factor, tuple) else (self.traffic_factor,)
        faults = []
        if not 0 < self.max_speed_mps < math.inf:
            faults.append(Fault("pace", f"{self.max_speed_mps:g} m/s is no speed", "give one above zero", "speed"))
        if wrong := [factor for factor in factors if not 0 < factor < math.inf]:
            fix = "give travel time divided by that at free flow, above zero"
            faults.append(Fault("pace", f"{wrong[0]:g} is no factor of traffic", fix, "traffic-factor"))
        if faults:
            raise InputError(faults)


@dataclass(frozen=True, slots=True)
class Legs:
    """Fastest journeys from n origins to m destinations; infinite where there is none."""

    duration_s: NDArray[np.float64]
    """[n, m] seconds."""
    distance_m: NDArray[np.float64]
    """[n, m] metres along the fastest journey."""


@dataclass(frozen=True, slots=True)
class Snaps:
    """Where n places touch a layer, on the part of it that can be reached and left again."""

    xy_m: NDArray[np.float64]
    """[n, 2] the places on the layer, metres."""
    distance_m: NDArray[np.float64]
    """[n] straight line from each place to the layer, metres; infinite if the layer is empty."""
    edge: NDArray[np.int64]
    """[n] the edge of the layer that each lies on; -1 in the air."""
    share: NDArray[np.float64]
    """[n] how far along that edge, from 0 to 1."""


class Layer(Protocol):
    """One medium of a network."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to say of it."""
        ...

    def snap(self, xy_m: NDArray[np.float64]) -> Snaps:
        """Return where the [n, 2] places touch the layer."""
        ...

    def legs(self, origins: Snaps, destinations: Snaps, pace: Pace) -> Legs:
        """Return the fastest journeys from every origin to every destination."""
        ...

    def paths(self, origins: Snaps, destinations: Snaps, pace: Pace) -> Sequence[NDArray[np.float64]]:
        """Return the line [p, 2] of the k-th origin to the k-th destination; empty where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Doors:
    """The n places of an extract where somebody may live or work: its addresses and buildings."""

    xy_m: NDArray[np.float64]
    """[n, 2] metres."""
    flat: NDArray[np.bool_]
    """[n] true where the door is one of several in a block."""
    homes: NDArray[np.float64]
    """[n] estimated number of homes behind the door."""


class Roadside(Protocol):
    """What a map holds besides streets, and all that there is to say of reading it."""

    @property
    def doors(self) -> Doors:
        """Where somebody may live or work."""
        ...

    @property
    def lockers_m(self) -> NDArray[np.float64]:
        """Mapped parcel lockers [n, 2], metres."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Repairs and defaults that reading needed."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class KnownRoadside:
    """The same, as it is told."""

    doors: Doors
    lockers_m: NDArray[np.float64]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """The ground and the air of one place."""

    crs: str
    """Projected reference system of every metre, as `EPSG:nnnn`."""
    extent_m: tuple[float, float, float, float]
    """West, south, east, north, metres."""
    layers: Mapping[Medium, Layer]
    """By medium; the streets of an extract are laid when they are first asked for."""
    roadside: Roadside
    """Doors, lockers and notes; those of an extract are found when they are first asked for."""
    origin: str
    """What map this is, of which date, under which licence."""
    made_up: bool = False
    """True where no real street is in it."""

    @property
    def doors(self) -> Doors:
        """Where somebody may live or work."""
        return self.roadside.doors

    @property
    def lockers_m(self) -> NDArray[np.float64]:
        """Mapped parcel lockers [n, 2], metres."""
        return self.roadside.lockers_m

    @property
    def notes(self) -> tuple[str, ...]:
        """Repairs and defaults that reading it needed."""
        return self.roadside.notes

    def layer_notes(self, media: Iterable[Medium]) -> list[str]:
        """Return what there is to say of the streets of some media, which are laid if they are not yet.

        What is among `notes` already, as is all there is to say of the sky, is not said again.
        """
        streets = (medium for medium in media if medium != Medium.AIR)
        told = dict.fromkeys(note for medium in streets for note in self.layers[medium].notes)
        return [note for note in told if note not in self.notes]

    def project(self, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [n, 2] metres of [n, 2] degrees (longitude, latitude)."""
        import numpy as np
        from pyproj import Transformer

        turn = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)
        return np.column_stack(turn.transform(lon_lat[:, 0], lon_lat[:, 1]))

    def unproject(self, xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [n, 2] degrees (longitude, latitude) of [n, 2] metres."""
        import numpy as np
        from pyproj import Transformer

        turn = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        return np.column_stack(turn.transform(xy_m[:, 0], xy_m[:, 1]))
