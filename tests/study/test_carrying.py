"""A study with vans that carry drones: what its tables, lines, stored plans, notes and stories tell of sorties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from doorstep.demand.order import Window
from doorstep.handover import Handover
from doorstep.report.provenance import notes_of
from doorstep.report.storysheet import story_document, story_tables
from doorstep.scenario.scenario import Carried, Configuration, VehicleGroup
from doorstep.study import run
from doorstep.study.living import live_through
from doorstep.study.quoting import quote
from doorstep.study.stored import plans_document, study_of

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Study

CARRIED = Carried("quadcopter", 2, frozenset({Handover.YARD}), 60, 30, 60, 500, 8, 400)
NAME = "van+drones"


def carrying(village: Scenario, price: float) -> Scenario:
    """Return the village with one more configuration, everybody glad of drones that cost so much."""
    van = next(group for group in village.configurations[0].vehicles if group.mode == "van")
    drone = village.modes["quadcopter"]
    owned = replace(drone.ownership, price=price, insurance_per_day=0, site_price=0)
    both = Configuration(NAME, (VehicleGroup("van", 2, van.hub, frozenset({Handover.DOOR}), carries=CARRIED),))
    courier = Configuration("courier", (VehicleGroup("van", 2, van.hub, frozenset({Handover.DOOR})),))
    day = Window(8 * 3600.0, 20 * 3600.0)
    glad = frozenset({Handover.DOOR, Handover.YARD})
    orders = tuple(
        replace(order, landing_place=True, mass_kg=1.0, volume_l=4.0, accepts=glad, window=day)
        for order in village.orders
    )
    modes = {**village.modes, "quadcopter": replace(drone, ownership=owned)}
    return replace(village, configurations=(courier, both), orders=orders, modes=modes)


@pytest.fixture(scope="module")
def flown(village: Scenario) -> Study:
    return live_through(run(carrying(village, 100)), 5)


def test_the_same_vans_with_drones_cost_less(flown: Study) -> None:
    """Cheap drones make the plan cheaper than the couriers', its ledger adds up, and no rule is broken."""
    card, other = flown.outcome(NAME).scorecard, flown.outcome("courier").scorecard
    assert card.violations == 0
    assert card.cost_total < other.cost_total
    assert card.cost_total == sum(card.cost_lines.values())
    assert card.vehicles["quadcopter"] > 0
    assert card.distance_km["quadcopter"] > 0
    assert set(card.energy_models) == {"van", "quadcopter"}
    assert card.energy_kwh == pytest.approx(sum(next(iter(m.values())) for m in card.energy_models.values()), rel=1e-4)


def test_tables_and_lines_tell_of_sorties(flown: Study) -> None:
    """Orders, stops and routes name the drone and its van; a sortie is two lines through the air."""
    orders = flown.orders().query("configuration == @NAME and mode == 'quadcopter'")
    assert len(orders)
    assert orders["vehicle"].str.match(r"quadcopter \d of van \d").all()
    stops, routes = flown.stops(NAME), flown.routes(NAME)
    assert (stops["mode"] == "quadcopter").sum() == len(orders)
    air = routes[routes["mode"] == "quadcopter"]
    assert set(air["piece"]) == {"air"}
    assert len(air) <= 2 * len(orders)
    assert set(air["load"]) == {0, 1}


def test_plans_with_sorties_are_stored(flown: Study) -> None:
    """A study made of its stored plans has the same plans and the same costs."""
    again = study_of(flown.scenario, plans_document(flown))
    for one, other in zip(flown.outcomes, again.outcomes, strict=True):
        assert one.plan.routes == other.plan.routes
        assert one.scorecard.cost_total == other.scorecard.cost_total


def test_stories_and_notes_tell_of_sorties(flown: Study) -> None:
    """An order brought by a drone tells where that left its van; notes tell the gain, and what days leave out."""
    mine = flown.orders().query("configuration == @NAME and mode == 'quadcopter'")["order"].iloc[0]
    document = story_document(flown, mine)
    served = document["configurations"][1]["served"]
    assert served["sortie"]["end_s"] > served["sortie"]["takeoff_s"]
    assert len(list(story_tables(document))) > 4
    told = " ".join(notes_of(flown))
    assert "sorties; the same vans with nothing to carry cost" in told
    assert "taken to last" in told


def test_dear_drones_stay_and_a_note_says_so(village: Scenario) -> None:
    """Where drones are dear the plan is that of plain vans, and the study says that they stay at the hub."""
    study = run(carrying(village, 1e6))
    assert study.outcome(NAME).scorecard.cost_total == study.outcome("courier").scorecard.cost_total
    assert any("leave what they could carry at the hub" in note for note in notes_of(study))


def test_a_plan_with_sorties_is_not_quoted(flown: Study) -> None:
    """One more order is told no amount where other orders hang on the stops of vans, and why; the couriers quote it."""
    order = replace(flown.scenario.orders[0], id="asked")
    with_sorties = next(one for one in quote(flown, order) if one.configuration == NAME)
    courier = next(one for one in quote(flown, order) if one.configuration == "courier")
    assert courier.best
    assert (with_sorties.ways, with_sorties.best) == ((), None)
    assert with_sorties.found.refusals[0].rule == "sorties"
