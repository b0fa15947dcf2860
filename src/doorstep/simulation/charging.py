"""Charging: what is in the batteries of vehicles on a day of chance, compiled."""

from __future__ import annotations

from doorstep.network.compiled import inner_code

HAIR = 1.0
"""Milliwatt-hours or seconds that are no reason to wait."""


@inner_code
def charged(script, yard, state, v, load):  # type: ignore[no-untyped-def]
    """Return when a vehicle has the energy for its trip that could be loaded at a time, at that time or later."""
    trip = state.trip[v]
    fleet, used, lacks = script.trip_fleet[trip], script.used_mwh[trip], state.battery[v, 0]
    rate = yard.refill_mwh_per_s[fleet]
    if rate <= 0 or script.opens_route[trip] or script.load_happened[trip]:
        return load
    if yard.spares[fleet] == 0:
        due = state.home[v] + yard.turnaround_s[fleet]
        over = max(0.0, lacks - rate * max(0.0, load - due)) + used - yard.battery_mwh[fleet]
        return load + over / rate if over > HAIR else load
    wanted = state.battery[v, 1] if yard.spares[fleet] == 1 else state.battery[v, 2]
    return wanted if lacks + used > yard.battery_mwh[fleet] + HAIR and wanted > load + HAIR else load


@inner_code
def draw(script, yard, state, v):  # type: ignore[no-untyped-def]
    """Take from a vehicle's battery what its trip uses, after what was put back before."""
    trip = state.trip[v]
    fleet, used, lacks = script.trip_fleet[trip], script.used_mwh[trip], state.battery[v, 0]
    rate = yard.refill_mwh_per_s[fleet]
    if rate <= 0:
        return
    if yard.spares[fleet] == 0:
        due = state.home[v] + yard.turnaround_s[fleet]
        state.battery[v, 0] = max(0.0, lacks - rate * max(0.0, state.load[v] - due)) + used
    elif lacks + used <= yard.battery_mwh[fleet] + HAIR:
        state.battery[v, 0] = lacks + used
    else:
        state.battery[v, 2] = state.battery[v, 1]
        state.battery[v, 1] = state.load[v] + lacks / rate
        state.battery[v, 0] = used
