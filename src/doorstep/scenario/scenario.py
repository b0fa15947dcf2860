"""Scenario: one place, its orders, its conditions and the configurations that might serve it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorstep.demand.order import Order, Window
    from doorstep.handover import Handover
    from doorstep.lockers.locker import Locker
    from doorstep.modes.chancebook import ChanceBook
    from doorstep.modes.lawbook import Lawbook
    from doorstep.modes.mode import Mode, PriceBook, Value
    from doorstep.network.network import Network
    from doorstep.network.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Stem:
    """The road between a hub that lies off the map and the gate where it meets the map."""

    gate_x_m: float
    gate_y_m: float
    length_m: float
    duration_s: float
    """By road at free flow."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Where goods start."""

    name: str
    x_m: float
    y_m: float
    stem: Stem | None = None
    pads: int | None = None
    """Aircraft that can be loaded or swapped at once."""
    docks: int | None = None
    """Vehicles on the ground for which that is so."""
    chargers: int | None = None
    """Vehicles that charge, and do not change batteries, which can do so at once."""
    loaders: int | None = None
    """People who load vehicles without a driver, each as many of them at once as the mode asks for."""


@dataclass(frozen=True, slots=True)
class VehicleGroup:
    """Vehicles of one mode at one hub."""

    mode: str
    count: int
    hub: str
    handover: frozenset[Handover]
    """Kinds of handover that they do for any order."""
    reserve: frozenset[Handover] = frozenset()
    """Kinds that they do only for orders that nobody in the configuration may otherwise take."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A fleet and lockers that might serve the scenario."""

    name: str
    vehicles: tuple[VehicleGroup, ...]
    lockers: tuple[str, ...] = ()
    combines: tuple[str, ...] = ()
    """Configurations whose fleets this one joins; their plans are starting points for its own."""
    operators: int | None = None
    """People who watch vehicles from afar; None for as many as it takes."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Who sells or carries: some of the orders are its own, and perhaps some hubs and lockers."""

    name: str
    hubs: tuple[str, ...] = ()
    """Hubs that nobody else uses; one that no platform names stands for a hub of its own that each has there."""
    lockers: tuple[str, ...] = ()
    """Lockers that nobody else uses; one that no platform names stands for a bank of its own that each has there."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Customers who are not there, and how long somebody waits for them."""

    share: Mapping[Handover, float]
    """By kind of handover; 0 where it is not told."""
    wait_s: float

    def lost_s(self, kind: Handover, setup_s: float) -> float:
        """Return the time that vain attempts cost for each order handed over, in expectation [s].

        Attempts are made until the customer is there, each with its set-up and its wait.
        """
        away = self.share.get(kind, 0.0)
        return away / (1 - away) * (setup_s + self.wait_s)


@dataclass(frozen=True, slots=True)
class WorkRules:
    """The law and custom of working hours."""

    hours: Window
    """When vehicles may be out."""
    shift_s: float
    """Longest duty of a driver, break included."""
    break_after_s: float
    """Longest work of a driver without a break."""
    break_s: float
    paid_least_s: float = 0
    """Of a driver's duty, what is paid at the least."""
    overtime_after_s: float = math.inf
    overtime_premium: float = 0
    """On top of the wage, as a share of it."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look for a plan."""

    work: int
    """Steps of the search; the same work gives the same plan."""
    time_limit_s: float
    """A search that runs into it is not repeatable, and says so."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question, complete and free of files."""

    name: str
    description: str
    seed: int
    network: Network
    snap_limit_m: float
    traffic_factor: float
    walk_speed_mps: float
    orders: tuple[Order, ...]
    hubs: Mapping[str, Hub]
    lockers: Mapping[str, Locker]
    locker_options: int
    """How many of the nearest lockers within an order's walk are considered."""
    modes: Mapping[str, Mode]
    prices: PriceBook
    work: WorkRules
    configurations: tuple[Configuration, ...]
    effort: Effort
    values: tuple[Value, ...] = ()
    """Numbers that the file itself gives with a source or as an estimate."""
    notes: tuple[str, ...] = ()
    """Defaults, repairs and choices made on the way from the file."""
    text: str = ""
    """The file as resolved, for the study's folder."""
    chance: ChanceBook | None = None
    """What may go otherwise than planned; None for the usual."""
    laws: Lawbook | None = None
    """Of the place; modes are already as it lets them move."""
    platforms: tuple[Platform, ...] = ()
    """Whose orders they are, where that is told; see `doorstep.pool`."""
    absence: Absence | None = None
    """Who is not at the door or does not come out; None for nobody."""
    traffic: Traffic | None = None
    """By the hour; `traffic_factor` then has no part in anything. None where that factor holds at all hours."""
