"""Properties of whole studies: what more vehicles, fewer vehicles, another order or the same again must not change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import yaml

from doorstep.comparison import interval
from doorstep.scenario.file import load_scenario
from doorstep.scenario.inherit import scenario_path
from doorstep.scenario.scenario import Effort
from doorstep.study import run
from doorstep.study.living import live_through

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.scenario.scenario import Configuration, Scenario
    from doorstep.study import Study

DAYS = 200
FEW = Effort(8, 60)


def counted(configuration: Configuration, mode: str, factor: int) -> Configuration:
    """Return a configuration with a multiple of its vehicles of one mode."""
    groups = (replace(g, count=g.count * factor) if g.mode == mode else g for g in configuration.vehicles)
    return replace(configuration, vehicles=tuple(groups))


def alone(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario with one of its configurations, planned in a hurry."""
    chosen = next(one for one in scenario.configurations if one.name == name)
    return replace(scenario, configurations=(replace(chosen, combines=()),), effort=FEW)


def on_time(study: Study) -> np.ndarray:
    """Return the share on time of every day of its only configuration."""
    lived = live_through(study, DAYS).lived
    assert lived is not None
    return lived.numbers["on time"].values[0]


def bytes_of(study: Study) -> dict[str, bytes]:
    """Return all numbers of some days of every configuration."""
    lived = live_through(study, 5).lived
    assert lived is not None
    traces = {name: [days.trace(day) for day in range(5)] for name, days in lived.days.items()}
    return {
        name: b"".join(np.asarray(getattr(trace, key)).tobytes() for trace in some for key in trace.__slots__)
        for name, some in traces.items()
    }


@pytest.mark.parametrize(("vans", "tight"), [(1, True), (2, False), (8, False)])
def test_twice_the_couriers_are_never_surely_worse(vans: int, tight: bool) -> None:
    """Twice as many vans leave the share on time no lower on the same days, and raise it where one was too few.

    Plans are sought for longer than in a hurry: where two vans are enough, four should come to the same plan.
    """
    scenario = replace(alone(load_scenario("peak"), "courier"), effort=Effort(200, 60))
    base = replace(scenario, orders=scenario.orders[:60])
    shares = []
    for many in (vans, 2 * vans):
        groups = tuple(replace(g, count=many) for g in base.configurations[0].vehicles if g.mode == "van")
        shares.append(on_time(run(replace(base, configurations=(replace(base.configurations[0], vehicles=groups),)))))
    gain = interval(shares[1] - shares[0])
    assert gain.high >= 0
    assert gain.low > 0 or not tight


@pytest.mark.parametrize("name", ["rural", "peak"])
def test_without_drones_nobody_flies(name: str) -> None:
    """To take all drones from `mixed` never raises their share of the orders, on no day."""
    scenario = alone(load_scenario(name), "mixed")
    shares = []
    for factor in (1, 0):
        fewer = counted(scenario.configurations[0], "quadcopter", factor)
        study = live_through(run(replace(scenario, configurations=(fewer,))), 20)
        assert study.lived is not None
        fleets = study.outcomes[0].problem.fleets
        flies = np.array([fleet.mode == "quadcopter" for fleet in fleets], bool)
        days = [study.lived.days["mixed"].trace(day) for day in range(20)]
        shares.append(np.array([flies[d.fleet[d.option >= 0]].mean() for d in days]))
    assert (shares[1] <= shares[0]).all()
    assert (shares[1] == 0).all()


@pytest.mark.parametrize("name", ["rural", "peak-dispatch"])
def test_the_same_again_and_in_another_order(name: str, tmp_path: Path) -> None:
    """The same seed gives the same bytes of every day again, and so do configurations in another order in the file."""
    written = yaml.safe_load(scenario_path(name).read_text(encoding="utf-8"))
    written["configurations"] = dict(reversed(list(written["configurations"].items())))
    path = tmp_path / "turned.yaml"
    text = yaml.safe_dump(written, sort_keys=False).replace("data/", f"{scenario_path(name).parent}/data/")
    path.write_text(text, encoding="utf-8")
    scenario, other = (replace(load_scenario(one), effort=FEW) for one in (name, path))
    assert [one.name for one in other.configurations] != [one.name for one in scenario.configurations]
    first = bytes_of(run(scenario))
    assert bytes_of(run(scenario)) == first
    assert bytes_of(run(other)) == first
