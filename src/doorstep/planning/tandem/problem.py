"""TandemProblem: one van that carries drones or robots, and what may be flown from the depot beside it, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from doorstep.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Table = NDArray[np.float64]
    Flags = NDArray[np.bool_]

MOST_SITES = 2_000
"""Places of one van's problem; the search looks at all of them for each parcel."""
_SQUARE = ("van_s", "out_s", "back_s", "out_j", "back_j", "van_cost", "out_cost", "back_cost")
_PLAIN = ("van_stay_s", "drone_stay_s", "launch_s", "recover_s", "opens_s", "closes_s", "beside_s")
_FLAGS = ("by_van", "by_drone", "meets")
_ENDLESS = ("van_s", "out_s", "back_s", "closes_s", "beside_s", "out_j", "back_j")
"""Tables that may hold infinity: no way, no limit."""


@dataclass(frozen=True, slots=True)
class TandemProblem:
    """What one van with its drones has to do; site 0 is the depot, every other site a customer with one parcel.

    `drone` stands for whatever the van carries: rotorcraft or pavement robots. A sortie leaves the van at a stop,
    serves one customer and meets the van at another stop, at the same stop where `may_return`, or at the depot. One
    person launches and takes in the drones and hands over at the door, one thing at a time. Sites are [sites] or
    [sites, sites] below, from rows to columns.
    """

    van_s: Table
    """[sites, sites] driving times [s]."""
    out_s: Table
    """[sites, sites] flying times from the van to the customer, take-off and landing included [s]."""
    back_s: Table
    """[sites, sites] flying times from the customer to the van [s]."""
    van_stay_s: Table
    """[sites] time at the door of a customer served by the van [s]."""
    drone_stay_s: Table
    """[sites] time at a customer served by a drone [s]."""
    launch_s: Table
    """[sites] the van's time for each launch there [s]."""
    recover_s: Table
    """[sites] the van's time for each drone taken in there [s]."""
    out_j: Table
    """[sites, sites] energy from the van to the customer with the parcel, handover included [J, or any unit]."""
    back_j: Table
    """[sites, sites] energy from the customer back to the van [as above]."""
    wait_w: float
    """Power while a drone waits for the van or for a window to open [energy/s]; 0 where waiting costs nothing."""
    battery_j: float
    """Energy of one sortie; infinite where nothing limits it. For an endurance in time, energies are times."""
    drones: int
    """Drones on the van."""
    by_van: Flags
    """[sites] whether the van may serve it."""
    by_drone: Flags
    """[sites] whether a drone may serve it: weight, landing place."""
    meets: Flags
    """[sites] whether drones may leave or join the van there."""
    may_return: bool
    """Whether a drone may come back to the stop that it left the van at."""
    may_revisit: bool
    """Whether the van may drive to a customer again whom it has served, to meet a drone there."""
    opens_s: Table
    """[sites] time from which a handover may begin [s]."""
    closes_s: Table
    """[sites] time up to which it may begin [s]."""
    beside: int
    """Drones that fly from the depot and back, one parcel at a time, whatever the van does."""
    beside_s: Table
    """[sites] time of such a flight [s]; infinite where there is none."""
    second_cost: float
    """Cost of a second until all are back."""
    van_cost: Table
    """[sites, sites] cost of a leg of the van."""
    out_cost: Table
    """[sites, sites] cost of a flight from the van, handover included."""
    back_cost: Table
    """[sites, sites] cost of a flight to the van."""

    @property
    def sites(self) -> int:
        """Return the number of places, the depot included."""
        return len(self.van_s)

    @property
    def plain_makespan(self) -> bool:
        """Return whether the time until all are back is all that counts."""
        return self.second_cost > 0 and not (self.van_cost.any() or self.out_cost.any() or self.back_cost.any())

    @property
    def windowed(self) -> bool:
        """Return whether any handover is bound to a time."""
        return bool(self.opens_s.any() or np.isfinite(self.closes_s).any())

    @classmethod
    def of(  # noqa: PLR0913 - a table has many columns
        cls,
        van_s: ArrayLike,
        out_s: ArrayLike | None = None,
        back_s: ArrayLike | None = None,
        *,
        van_stay_s: ArrayLike = 0.0,
        drone_stay_s: ArrayLike = 0.0,
        launch_s: ArrayLike = 0.0,
        recover_s: ArrayLike = 0.0,
        out_j: ArrayLike | None = None,
        back_j: ArrayLike | None = None,
        wait_w: float = 0.0,
        battery_j: float = np.inf,
        drones: int = 1,
        by_van: ArrayLike = True,
        by_drone: ArrayLike = True,
        meets: ArrayLike = True,
        may_return: bool = True,
        may_revisit: bool = False,
        opens_s: ArrayLike = 0.0,
        closes_s: ArrayLike = np.inf,
        beside: int = 0,
        beside_s: ArrayLike = np.inf,
        second_cost: float = 1.0,
        van_cost: ArrayLike = 0.0,
        out_cost: ArrayLike = 0.0,
        back_cost: ArrayLike = 0.0,
    ) -> Self:
        """Return a problem; what is not given is free, unlimited or allowed, and single numbers hold everywhere.

        Flying times default to those of the van, times back to those out, energies to no energy at all.

        Raises
        ------
        InputError
            With every fault: tables that are not square or not of one size, negative or missing numbers, drones or
            power below 0, a customer that nothing may serve.
        """
        outward = van_s if out_s is None else out_s
        given = {
            "van_s": van_s, "out_s": outward, "back_s": outward if back_s is None else back_s,
            "out_j": 0.0 if out_j is None else out_j, "back_j": 0.0 if back_j is None else back_j,
            "van_cost": van_cost, "out_cost": out_cost, "back_cost": back_cost,
            "van_stay_s": van_stay_s, "drone_stay_s": drone_stay_s, "launch_s": launch_s, "recover_s": recover_s,
            "opens_s": opens_s, "closes_s": closes_s, "beside_s": beside_s,
            "by_van": by_van, "by_drone": by_drone, "meets": meets,
        }  # fmt: skip
        faults: list[Fault] = []
        sites = _sites(van_s, faults)
        tables = {name: _table(name, value, sites, faults) for name, value in given.items()}
        scalars = {"wait_w": wait_w, "battery_j": battery_j, "second_cost": second_cost}
        faults += [
            Fault(name, f"must be a number of 0 or more, is {value}", code="number")
            for name, value in {**scalars, "drones": drones, "beside": beside}.items()
            if not value >= 0
        ]
        if not faults:
            faults += _stranded(tables, drones, beside)
        if faults:
            raise InputError(faults)
        made: dict[str, Any] = tables
        return cls(
            **made,
            wait_w=float(wait_w),
            battery_j=float(battery_j),
            drones=int(drones),
            may_return=bool(may_return),
            may_revisit=bool(may_revisit),
            beside=int(beside),
            second_cost=float(second_cost),
        )


def _sites(van_s: ArrayLike, faults: list[Fault]) -> int:
    shape = np.shape(van_s)
    if len(shape) == 2 and shape[0] == shape[1] and 0 < shape[0] <= MOST_SITES:  # noqa: PLR2004 - rows and columns
        return int(shape[0])
    what = f"must be a square table of 1 to {MOST_SITES} sites, has the shape {shape}"
    faults.append(Fault("van_s", what, code="shape"))
    return 1


def _table(name: str, value: ArrayLike, sites: int, faults: list[Fault]) -> NDArray[np.float64]:
    """Return a table of the right shape that nobody can write to."""
    shape = (sites, sites) if name in _SQUARE else (sites,)
    kind: type = np.bool_ if name in _FLAGS else np.float64
    made: NDArray[Any]
    try:
        made = np.array(np.broadcast_to(np.asarray(value, kind), shape))
    except (TypeError, ValueError):
        faults.append(Fault(name, f"must be numbers of the shape {shape}, has {np.shape(value)}", code="shape"))
        made = np.zeros(shape, kind)
    bad = (np.isnan(made) | (made < 0)) if name not in _FLAGS else np.zeros(shape, bool)
    if name not in _ENDLESS and name not in _FLAGS:
        bad |= np.isinf(made)
    if bad.any():
        where = ", ".join(str(int(k)) for k in np.argwhere(bad)[0])
        faults.append(Fault(name, f"must be 0 or more everywhere, is {made[bad][0]} at {where}", code="number"))
    made.flags.writeable = False
    return made


def _stranded(tables: dict[str, NDArray[np.float64]], drones: int, beside: int) -> Sequence[Fault]:
    """Return a fault for each customer that no vehicle may serve."""
    flown = tables["by_drone"].astype(bool) & (drones > 0)
    aside = np.isfinite(tables["beside_s"]) & (beside > 0)
    nobody = ~(tables["by_van"].astype(bool) | flown | aside)
    nobody[0] = False
    return [
        Fault(f"site {k}", "neither the van nor a drone may serve it", "let by_van or by_drone be true there", "nobody")
        for k in np.flatnonzero(nobody)
    ]
