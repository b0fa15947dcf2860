"""Wages: what a vehicle's time on duty costs, compiled."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.clock.layout import OVERTIME_AFTER, PAID_LEAST, PER_DUTY_S, PER_OVERTIME_S


@inner_code
def duty_pay(g, f, duty):  # type: ignore[no-untyped-def]
    """Return the pay of so many seconds on duty: some at the least, and more for overtime."""
    over = max(0, duty - g.fleet[f, OVERTIME_AFTER])
    return max(duty, g.fleet[f, PAID_LEAST]) * g.fleet[f, PER_DUTY_S] + over * g.fleet[f, PER_OVERTIME_S]
