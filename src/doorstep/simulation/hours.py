"""Hours: what legs take that are not set off on when the plan has it, compiled."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.clockwork import travel_s
from doorstep.planning.problem import FAR


@inner_code
def way_s(script, yard, k, trip, now, homeward):  # type: ignore[no-untyped-def]
    """Return the seconds of the leg to a stop, or home, that a vehicle sets off on after a break from `now` on.

    Where ways depend on the hour it is the plan's leg and what the hour makes it longer or shorter.
    """
    fleet = script.trip_fleet[trip]
    planned = script.back_s[trip] if homeward else script.leg_s[k]
    periods = yard.periods[fleet, 0]
    here = script.site[k - 1] if k > script.trip_first[trip] else yard.hub[fleet]
    there = yard.hub[fleet] if homeward else script.site[k]
    if periods == 0 or here == there:
        return float(planned)
    was = float(script.back_from_s[trip] if homeward else script.leg_from_s[k])
    at = yard.periods[fleet, 1], yard.periods[fleet, 2]
    begin = now + (script.back_rest_s[trip] if homeward else script.rest_s[k])
    then = float(travel_s(yard.period_from, yard.period_s, at, periods, yard.sites, here, there, was))
    if begin == was or then >= FAR:
        return float(planned)
    late = float(travel_s(yard.period_from, yard.period_s, at, periods, yard.sites, here, there, begin))
    return max(0.0, planned + late - then)
