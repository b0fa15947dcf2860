"""Kinds of handover: who may serve kiosks and lockers, who flies where, and customers who are not there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plain import DRONE, MODES, TROLLEY, VAN, configured, group, order, plain

from doorstep.demand.order import Dwelling
from doorstep.handover import BANKS, Handover, Size
from doorstep.lockers.locker import Locker
from doorstep.modes.catalog import load_mode, mode_names
from doorstep.planning.task.tables import tabulate
from doorstep.scenario.scenario import Absence
from doorstep.study import run

KIOSK = Locker("kiosk", 0, 0, {Size.S: 3}, is_kiosk=True)
LOCKER = Locker("locker", 20, 0, {Size.S: 3})
ABLE = {
    mode.name: replace(
        mode,
        service_s={**mode.service_s, Handover.KIOSK: 30.0},
        setup_s={**mode.setup_s, Handover.KIOSK: 60.0},
    )
    for mode in (VAN, DRONE, TROLLEY)
}


@pytest.mark.parametrize("mode", ["quadcopter", "robovan", "van"])
def test_kiosks_are_served_from_the_air_and_by_driverless_vans(mode: str) -> None:
    """Aircraft, driverless vans and couriers leave orders in a kiosk for whoever accepts a locker."""
    orders = (
        order("a", 100, 0, accepts=frozenset({Handover.LOCKER})),
        order("b", 100, 0, accepts=frozenset({Handover.YARD})),
    )
    scenario = configured(plain(orders), group(mode, 1, "kiosk"), lockers=("kiosk", "locker"))
    scenario = replace(scenario, modes={**MODES, **ABLE}, lockers={"kiosk": KIOSK, "locker": LOCKER})
    study = run(scenario)
    frame = study.orders().set_index("order")
    assert (frame.loc["a", "handover"], frame.loc["a", "locker"]) == ("kiosk", "kiosk")
    assert frame.loc["b", "status"] == "unserved"
    assert list(study.unserved_frame()["rule"]) == ["consent"]
    card = study.outcomes[0].scorecard
    assert (card.violations, card.walking_km) == (0, 0.2)


def test_aircraft_fetch_no_returns_out_of_kiosks() -> None:
    """A return in a kiosk is left by an aircraft, with that reason, and fetched by a driverless van."""
    back = order("a", 100, 0, is_return=True, accepts=frozenset({Handover.LOCKER}))
    served = {}
    for mode in ("quadcopter", "robovan"):
        scenario = configured(plain((back,)), group(mode, 1, "kiosk"), lockers=("kiosk",))
        study = run(replace(scenario, modes={**MODES, **ABLE}, lockers={"kiosk": KIOSK}))
        served[mode] = study.outcomes[0].scorecard.returns
        assert mode != "quadcopter" or list(study.unserved_frame()["rule"]) == ["return"]
    assert served == {"quadcopter": 0, "robovan": 1}


def test_a_flat_without_a_landing_place_is_not_flown_to() -> None:
    """An order to a flat where nothing can land is unserved by aircraft alone, and the reason names the flat."""
    flat = order("a", 300, 0, dwelling=Dwelling.FLAT, landing_place=False)
    (reason,) = run(configured(plain((flat,)), group("quadcopter", 1))).unserved_frame().itertuples()
    assert (reason.rule, reason.detail) == ("landing-place", "a flat without a landing place")


def test_nothing_without_a_courier_climbs_stairs_or_opens_a_locker() -> None:
    """Of the catalogue only modes with a driver come to the door or open lockers, and only aircraft to a yard."""
    for name in mode_names():
        mode = load_mode(name)
        if not mode.has_driver:
            assert not set(mode.service_s) & {Handover.DOOR, Handover.LOCKER}
        assert (Handover.YARD in mode.service_s) == (mode.medium == "air")
    kiosks = {name for name in mode_names() if Handover.KIOSK in load_mode(name).service_s}
    assert {"quadcopter", "robovan", "van", "cargo-trike", "diesel-van"} <= kiosks
    assert BANKS == (Handover.LOCKER, Handover.KIOSK)


@pytest.mark.parametrize(("kind", "mode", "share"), [("kerb", "sidewalk-robot", 0.2), ("door", "van", 0.5)])
def test_absent_customers_take_the_time_of_vain_attempts(kind: str, mode: str, share: float) -> None:
    """Each handover takes longer by the attempts that find nobody, as many as there are in expectation."""
    scenario = configured(plain((order("a", 300, 0),)), group(mode, 1, kind))
    away = replace(scenario, absence=Absence({Handover(kind): share}, wait_s=180))
    before, after = (tabulate(one, "only").fleets[0] for one in (scenario, away))
    attempts = 1 / (1 - share)
    assert after.service_s[0] - before.service_s[0] == round((attempts - 1) * (before.setup_s[0] + 180))
    assert run(away).outcomes[0].scorecard.cost_total > run(scenario).outcomes[0].scorecard.cost_total


def test_lockers_need_nobody() -> None:
    """Whoever is never in costs nothing at a locker."""
    scenario = configured(plain((order("a", 100, 0),)), group("van", 1, "locker"), lockers=("square",))
    away = replace(scenario, absence=Absence({Handover.DOOR: 0.5, Handover.KERB: 0.5}, wait_s=600))
    costs = [run(one).outcomes[0].scorecard.cost_total for one in (scenario, away)]
    assert costs[0] == costs[1]
