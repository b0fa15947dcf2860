"""Layout: where every number of the compiled search lies; rows of whole numbers, one cache line or two each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from doorstep.network.addresses import by_address

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

INF = 1 << 40
"""Seconds and metres beyond any."""
NOWHERE = 1 << 62
"""Cost of what is not possible."""

SLOT_S = 10
"""Seconds of a slot: what is shared is booked by whole slots."""
NODE_COLUMNS = 24
SITE, OPEN, CLOSE, SERVICE, SETUP, NEXT, PREV, TRIP, ORDER = range(9)
"""Of a node: where, when, how long; its neighbours in the trip, the trip (-1: in none), the order (-1: a hub)."""
FD, FE, FL, BD, BE, BL = range(9, 15)
"""Least duration, earliest and latest start of the stretch from loading up to here, and from here back to the hub."""
LEFT, DUE = FE, BL
"""Where only windows matter: the earliest end of service here, and the latest start."""
LOAD = 15
"""Mass, volume, parcels."""
READY, LOCKER, RANK, HERE_NEXT, HERE_PREV, PROMISE = range(18, 24)
"""When its goods are ready, its locker (-1: none), its size there; other nodes in use at the same site; the promise."""

TRIP_COLUMNS = 24
VEHICLE, FLEET, AFTER, BEFORE, COUNT, METRES, STOPS, LATEST_READY = range(8)
"""Of a trip: its vehicle and fleet, the next and the last trip of the vehicle, orders, metres, places, readiness."""
ON_BOARD = 8
"""Mass, volume, parcels."""
TD, TE, TL, PD, PE, PL, SD, SE, SL = range(11, 20)
"""Stretches: the trip itself; all trips before it, swap included; all trips after it."""
CUT = 20
"""The step in which it was cut last."""
BOOKED, LEAVES, RETURNS = range(21, 24)
"""Where anything is shared: when a trip is loaded, departs and is back, as it is booked, the last one doubled and one
more where it was not the first trip. BOOKED is -1 where nothing is, and -2 less the time where the trip is to be loaded
at that time, but is not booked yet."""
HELD = 1 << 20
"""In rows, less the time: the mark of a trip that is to be loaded at that time, in place of -1."""

VEHICLE_COLUMNS = 8
KIND, FIRST, LAST, TRIPS, COST, TOUCHED, PLACE, DUTY = range(8)
"""Of a vehicle: fleet, first and last trip, how many, cost, the step that touched it last, where it is among those in
use, and its least time on duty."""

FLEET_COLUMNS = 48
HUB, SITE_OF_HUB, OPENS, CLOSES, LOADING, SWAP, LONGEST, RANGE, MOST_TRIPS, VEHICLES = range(10)
CAPACITY = 10
"""Mass, volume, parcels."""
PER_VEHICLE, PER_TRIP, PER_STOP, PER_METRE, PER_DUTY_S, PER_AWAY_S = range(13, 19)
CLOCK, DURATIONS, LENGTHS = range(19, 22)
"""What time has to do with it (below), and where the tables of the fleet begin."""
EXACT, BREAK_AFTER, BREAK, PER_LATE_S, PERIODS, PERIOD_FROM, PERIOD_TABLE = range(22, 29)
"""Whether only whole routes tell the cost: breaks, lateness, travel by the hour; and where the periods begin."""
BEGUN_AS, WORK_FROM, RELEASE = range(29, 32)
"""Of vehicles that have begun: the fleet whose rules the first trip keeps, when the work that counts towards a break
began, and when later trips may leave; else the fleet itself, -1 and -INF."""
PAID_LEAST, OVERTIME_AFTER, PER_OVERTIME_S, PER_EARLY_S = range(32, 36)
DRAW, DRAW_LOADS, DRAW_STEP, PER_KWH = range(36, 40)
"""Where its rows of energy by load begin, how many there are (0: load does not matter), grams between them."""
SHARES, HOME = 40, 41
"""How many things its vehicles share with others for a while; until when what a vehicle has begun takes them up in any
case."""
USUAL_METRE, USUAL_STOP = 42, 43
"""Of what a metre and a stop cost, the energy that they usually take: whole routes tell what it really is, and places
that cost too much by this are not looked into."""
MOST, REFILL, SPARES, LACKS, FULL = range(2, 7)
BEGUN_MWH, BEGUN_S = 8, 9
"""Columns of the energies, not of the fleets: of a trip, put back in a second, other batteries, the battery that the
first loading finds, and that trip where it has begun."""
NO_CLOCK, WINDOWS, STRETCHES = range(3)

LEVEL, IN_USE, ABSENT, FREE_TRIPS, FREE_VEHICLES, LOGGED, CHANGED, STEP, BEST, BEST_LENGTH, BLINK, SERVED = range(12)
MET, WHOLE, LISTED = 12, 13, 14
"""Of the state's counters: cost, vehicles in use, absent orders, and so on; what the route of a place found last costs
(-1: not timed)."""
COUNTERS = 16


@by_address
class Ground(NamedTuple):
    """What does not change during a search."""

    sites: int
    duration: NDArray[np.int32]
    """Tables of all fleets, one after the other, row by row."""
    length: NDArray[np.int32]
    period_from: Whole
    """When the periods of all fleets begin, one fleet after the other."""
    period_duration: NDArray[np.int32]
    """Tables of all periods of all fleets."""
    near: NDArray[np.int32]
    """[sites, k] nearest sites, itself first; -1 where there are no more."""
    column: Whole
    """[options, NODE_COLUMNS] what a node is before it is used."""
    service: NDArray[np.int32]
    """[fleets, options]"""
    setup: NDArray[np.int32]
    """[fleets, options]"""
    allowed: NDArray[np.bool_]
    """[fleets, options]"""
    part: NDArray[np.int8]
    """[options] what happens there."""
    mate: Whole
    """[options] of a pick-up its drop and the other way round; -1 elsewhere."""
    still: NDArray[np.bool_]
    """[options] true where nothing comes before it in its route, and it never leaves it."""
    mixed: bool
    """Whether anything is fetched, so that what is aboard rises and falls along a trip."""
    alone: Whole
    """[fleets, options] cost of a vehicle for this option only; NOWHERE where it cannot."""
    alone_way: Whole
    """[fleets, options] what of it a trip costs in a vehicle that is in use, duty left out."""
    alone_stretch: Whole
    """[fleets, options, 3] the trip of this option only."""
    fleet: Whole
    """[fleets, FLEET_COLUMNS]"""
    kin: Whole
    """[fleets, k] fleets that could drive the same routes, the smallest capacity first; -1 where there are no more."""
    site_first: Whole
    """[sites + 1] where the options at each site begin in `site_option`."""
    site_option: Whole
    energy: NDArray[np.float64]
    """[fleets, 10] per metre, per stop, and the columns from MOST on."""
    draw: NDArray[np.float64]
    """[rows, 6] per metre, second and stop, by load, and how much each rises to the next row; fleet after fleet."""
    wanted: Whole
    """[options] when it is wanted at the earliest."""
    takes: Whole
    """[fleets, things] how much one vehicle takes up of each thing that is shared."""
    stage: Whole
    """[things] while what."""
    room: Whole
    """[things] how much there is."""
    booked: Whole
    """[things, slots] how much is taken up by the plan as it is; the only numbers here that change."""
    taken: Whole
    """[things, slots] how much of that is taken up whatever is planned."""
    slot_from: int
    """When the first slot begins."""
    first: Whole
    """[orders + 1] where the options of each begin in `option`."""
    option: Whole
    able: Whole
    """Orders that have options."""
    price: Whole
    """[orders] of leaving it out."""
    key: NDArray[np.float64]
    """[keys, orders] by which orders are put back, least first."""
    key_share: NDArray[np.float64]
    """[keys + 1] summed up weights; what remains to 1 is a random order."""
    locker_cost: Whole
    hub_cost: Whole
    blinks: float
    """Share of the places that are overlooked (Christiaens and Vanden Berghe 2020)."""


@by_address
class State(NamedTuple):
    """One plan under change, the step under way, and the best plan."""

    node: Whole
    """[options + trips, NODE_COLUMNS] options, then the hub as beginning and end of each trip."""
    trip: Whole
    vehicle: Whole
    here: Whole
    """[sites] a node in use at each site, -1 where there is none."""
    chosen: Whole
    """[orders] option, or -1."""
    free_trips: Whole
    free_vehicles: Whole
    in_use: Whole
    """[vehicles] those in use, `IN_USE` of them."""
    used: Whole
    """[fleets]"""
    hub_used: Whole
    """[hubs] vehicles."""
    room: Whole
    """[lockers, sizes]"""
    parcels: Whole
    """[lockers]"""
    absent: Whole
    """[orders] those unserved, `ABSENT` of them."""
    absent_at: Whole
    """[orders] where each stands there, -1 if served."""
    log: Whole
    """Rows of vehicles as they were before the step."""
    changed: Whole
    """Vehicles that the step touched."""
    was: Whole
    """What they cost before it; -1 where they had no trips."""
    listed: Whole
    """[places, 8] see `shortlist`."""
    best: Whole
    """Rows of the best plan."""
    met: Whole
    """Rows of routes met since this was read last, `MET` numbers; see `meeting`."""
    seen: Whole
    """[2^k, 2] which routes were met, and their costs."""
    out: Whole
    """[orders] those taken out in this step."""
    late_out: Whole
    """Absent before the step, and tried in it."""
    early: Whole
    """[options + trips, 2] see `lateness`."""
    aboard: Whole
    """[options + trips, 9] see `aboard`; no rows where nothing is fetched."""
    row: Whole
    """A vehicle's row on trial."""
    schedule: Whole
    """[6, n] its times."""
    spare: Whole
    """[8, n] to work in."""
    counter: Whole
    """[COUNTERS]"""
    dice: NDArray[np.uint64]
