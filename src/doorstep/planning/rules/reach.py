"""Reach: which options one vehicle by itself could deliver, judged rule by rule with the margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.planning.problem import FAR, RETURN, Verdict
from doorstep.planning.rules.referee import there_and_back_mwh, ways_s

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.planning.problem import Fleet
    from doorstep.planning.task.options import Options
    from doorstep.scenario.laws import Crowds
    from doorstep.scenario.scenario import Scenario


def judge(
    scenario: Scenario,
    fleet: Fleet,
    options: Options,
    stray_m: NDArray[np.float64],
    crowds: Crowds,
    wind_mps: tuple[float, float] = (0.0, np.inf),
) -> tuple[Verdict, ...]:
    """Return a verdict of every rule on every option, for a vehicle that does nothing else all day.

    `stray_m` [sites] is how far each site lies from the layer that the vehicle moves on; crowds are those around the
    sites, infinitely many being allowed to what does not fly; `wind_mps` the strongest wind in the calmest of its
    hours, and the most that it flies in.
    """
    flies = crowds.flies
    orders, n = scenario.orders, len(options.kind)
    who, site, hub = options.order, options.site, fleet.hub

    def of_orders(amounts: list[float]) -> NDArray[np.float64]:
        return np.array(amounts, float)[who] if n else np.zeros(0)

    def flat(amount: float) -> NDArray[np.float64]:
        return np.full(n, float(amount))

    least_s = fleet.duration_s[hub, site].astype(float) + fleet.duration_s[site, hub]
    trip_m = fleet.distance_m[hub, site].astype(float) + fleet.distance_m[site, hub]
    mass_g = np.rint(of_orders([o.mass_kg for o in orders]) * 1000).astype(np.int64)
    energy_wh = there_and_back_mwh(fleet, site, mass_g) / 1000
    depart_s = np.maximum(fleet.open_s + fleet.load_s, of_orders([0 if o.is_return else o.ready_s for o in orders]))
    start_s = np.maximum(depart_s + ways_s(fleet, hub, site, depart_s) + fleet.setup_s, options.open_s)
    return_s = start_s + fleet.service_s + ways_s(fleet, site, hub, start_s + fleet.service_s)
    # Whoever leaves at the best hour of the day waits nowhere.
    duty_s = fleet.load_s + least_s + fleet.setup_s + fleet.service_s
    if fleet.break_after_s:
        duty_s += np.where(duty_s > fleet.break_after_s, fleet.break_s, 0)
    lost = np.maximum(fleet.duration_s[hub, site], fleet.duration_s[site, hub]) >= FAR
    known = np.where(lost, -np.inf, 0.0)
    off_m = np.maximum(stray_m[site], stray_m[hub])
    closed = np.isinf(off_m) & flies
    no_way = lost & (off_m <= scenario.snap_limit_m)  # ways from places off the layer are not looked for
    return (
        Verdict("no-fly", "places", flat(1), np.where(closed, 0.0, 1.0)),
        Verdict("wind", "m/s", flat(wind_mps[0]), flat(wind_mps[1])),
        Verdict("return", "ways", np.where(flies & (options.part == RETURN), 1.0, 0.0), flat(0)),
        Verdict("snap", "m", np.where(closed, 0.0, off_m), flat(scenario.snap_limit_m)),
        Verdict("way", "ways", flat(1), np.where(no_way, 0.0, 1.0)),
        Verdict("density", "people/km2", crowds.people_per_km2[site], flat(crowds.most_per_km2)),
        Verdict("mass", "kg", of_orders([o.mass_kg for o in orders]), flat(fleet.mass_g / 1000)),
        Verdict("volume", "L", of_orders([o.volume_l for o in orders]), flat(fleet.volume_ml / 1000)),
        Verdict("range", "km", (trip_m + known) / 1000, flat(fleet.range_m / 1000)),
        Verdict("energy", "Wh", energy_wh + known, flat(fleet.energy_mwh / 1000)),
        Verdict("window", "h", (start_s + known) / 3600, options.close_s / 3600),
        Verdict("hours", "h", (return_s + known) / 3600, flat(fleet.close_s / 3600)),
        Verdict("shift", "h", (duty_s + known) / 3600, flat(fleet.shift_s / 3600)),
    )
