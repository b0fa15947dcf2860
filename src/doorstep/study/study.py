"""Study: a scenario, and what became of each of its configurations."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from doorstep.errors import Fault, InputError
from doorstep.study.outcome import Outcome, outcome_of
from doorstep.study.step import Phase, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from doorstep.planning.planner import Progress
    from doorstep.planning.task.travel import Travel
    from doorstep.scenario.scenario import Configuration, Scenario
    from doorstep.study.banks import BankUse
    from doorstep.study.living import Lived


@dataclass(frozen=True, slots=True)
class Study:
    """A scenario, and what became of each of its configurations."""

    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    """In the order of the scenario's configurations."""
    seconds: float
    skipped: tuple[str, ...] = ()
    """Configurations that were not planned because the run was stopped by hand."""
    lived: Lived | None = None
    """Days of chance that its plans were lived through, if they were (`live_through`)."""

    @property
    def interrupted(self) -> bool:
        """True where the run was stopped by hand."""
        return bool(self.skipped) or any(outcome.interrupted for outcome in self.outcomes)

    def outcome(self, name: str) -> Outcome:
        """Return what became of one configuration.

        Raises
        ------
        InputError
            If the study has no such configuration.
        """
        for outcome in self.outcomes:
            if outcome.name == name:
                return outcome
        names = ", ".join(outcome.name for outcome in self.outcomes)
        raise InputError.of("configuration", f"the study has no configuration '{name}'", f"choose one of {names}")

    def frame(self) -> pd.DataFrame:
        """Return the comparison: one row a configuration, one column a number with its unit."""
        from doorstep.study.frames import comparison

        return comparison(self.outcomes)

    def ledger(self) -> pd.DataFrame:
        """Return the cost of each configuration [currency], one column a line, which add up to `total`."""
        from doorstep.study.frames import ledger

        return ledger(self.outcomes)

    def orders(self) -> pd.DataFrame:
        """Return one row for each order in each configuration: who brought it, how, and when."""
        from doorstep.study.frames import orders

        return orders(self.outcomes)

    def unserved_frame(self) -> pd.DataFrame:
        """Return one row for each reason that kept an order out of a configuration, with its margin."""
        from doorstep.study.frames import unserved

        return unserved(self.outcomes)

    def routes(self, name: str) -> gpd.GeoDataFrame:
        """Return the legs of one configuration's vehicles along the real streets (EPSG:4326)."""
        from doorstep.study.places import routes

        return routes(self.scenario, self.outcome(name))

    def streets(self, medium: str = "road") -> gpd.GeoDataFrame:
        """Return the streets of one medium (`road`, `cycle`, `path` or `foot`), to draw routes on (EPSG:4326)."""
        from doorstep.network.network import Medium
        from doorstep.study.places import streets

        return streets(self.scenario, Medium(medium))

    def stops(self, name: str) -> gpd.GeoDataFrame:
        """Return where and when one configuration hands its orders over (EPSG:4326)."""
        from doorstep.study.places import stops

        return stops(self.scenario, self.outcome(name))

    def lockers(self, name: str) -> gpd.GeoDataFrame:
        """Return the lockers of one configuration and how full its plan makes them (EPSG:4326)."""
        from doorstep.study.places import lockers

        return lockers(self.scenario, self.outcome(name))

    def banks(self, name: str) -> tuple[BankUse, ...]:
        """Return how full each locker of one configuration becomes, and what share of parcels it would turn away."""
        from doorstep.study.banks import bank_uses

        return bank_uses(self.scenario, self.outcome(name))

    def hubs(self, name: str) -> gpd.GeoDataFrame:
        """Return the hubs that one configuration's vehicles start from (EPSG:4326)."""
        from doorstep.study.places import hubs

        return hubs(self.scenario, self.outcome(name))

    def unserved_places(self, name: str) -> gpd.GeoDataFrame:
        """Return where the orders are that one configuration leaves out, with the reasons (EPSG:4326)."""
        from doorstep.study.places import unserved

        return unserved(self.scenario, self.outcome(name))


def run(
    scenario: Scenario,
    *,
    configurations: Sequence[str] | None = None,
    progress: Callable[[Step], None] | None = None,
) -> Study:
    """Plan, live through and score the configurations of a scenario, all of them unless some are named.

    A configuration that combines others is planned after them, from their plans. In the end each is shown what the
    others do with vehicles that it has too, so that luck in the search does not pass for a difference. A run that is
    stopped by hand keeps the best plan found until then and names the configurations that it did not come to.

    Raises
    ------
    InputError
        If a name is not one of the scenario's configurations.
    """
    from doorstep.planning.task.travel import Travel

    begun = time.perf_counter()
    tell = progress or (lambda _step: None)
    chosen = _chosen(scenario, configurations)
    queue = _parts_first(chosen)
    travel, found, left = Travel(scenario), dict[str, Outcome](), [c.name for c in queue]
    try:
        for configuration in queue:
            found[configuration.name] = _outcome(scenario, configuration, travel, found, tell)
            left.remove(configuration.name)
            if found[configuration.name].interrupted:
                break
        else:
            _polish(scenario, queue, found, tell)
    except KeyboardInterrupt:
        pass
    ordered = tuple(found[c.name] for c in chosen if c.name in found)
    return Study(scenario, ordered, time.perf_counter() - begun, tuple(left))


def _chosen(scenario: Scenario, names: Sequence[str] | None) -> tuple[Configuration, ...]:
    if not names:
        return scenario.configurations
    known = [c.name for c in scenario.configurations]
    strangers = [name for name in names if name not in known]
    if strangers:
        choice = f"choose from {', '.join(known)}"
        what = "the scenario has no configuration"
        raise InputError(Fault("--configuration", f"{what} '{n}'", choice, "unknown-configuration") for n in strangers)
    return tuple(c for c in scenario.configurations if c.name in names)


def _parts_first(chosen: Sequence[Configuration]) -> list[Configuration]:
    """Return the configurations so that those that combine others come after all that do not."""
    return sorted(chosen, key=lambda c: bool(c.combines))


def _polish(
    scenario: Scenario,
    queue: Sequence[Configuration],
    found: dict[str, Outcome],
    tell: Callable[[Step], None],
) -> None:
    """Improve every configuration's plan from those of all; the ones that combine others last, from the improved."""
    from doorstep.planning.planner import polish

    before = dict(found)
    for configuration in queue:
        name, begun = configuration.name, time.perf_counter()
        own = found[name]
        others = found if configuration.combines else before
        lent = [(others[key].problem, others[key].plan) for key in sorted(others) if key != name]

        def pass_on(news: Progress, name: str = name, begun: float = begun) -> None:
            tell(Step(name, Phase.POLISH, news.cost, news.solutions, time.perf_counter() - begun))

        if lent:
            plan = polish(own.problem, own.plan, lent, scenario.effort, seed=scenario.seed, progress=pass_on)
            found[name] = outcome_of(own.problem, plan)
        cost = float(found[name].scorecard.cost_total + found[name].scorecard.unserved_penalty)
        phase = Phase.STOPPED if found[name].interrupted else Phase.DONE
        tell(Step(name, phase, cost, 0, time.perf_counter() - begun))
        if found[name].interrupted:
            return


def _outcome(
    scenario: Scenario,
    configuration: Configuration,
    travel: Travel,
    found: Mapping[str, Outcome],
    tell: Callable[[Step], None],
) -> Outcome:
    from doorstep.planning.planner import solve
    from doorstep.planning.task.tables import tabulate

    begun, name = time.perf_counter(), configuration.name
    heard = Step(name, Phase.MEASURE, None, 0, 0.0)

    def pass_on(news: Progress) -> None:
        nonlocal heard
        heard = Step(name, Phase.SEARCH, news.cost, news.solutions, time.perf_counter() - begun)
        tell(heard)

    tell(heard)
    problem = tabulate(scenario, name, travel)
    tell(Step(name, Phase.SEARCH, None, 0, time.perf_counter() - begun))
    starts = [(found[part].problem, found[part].plan) for part in sorted(configuration.combines) if part in found]
    plan = solve(problem, scenario.effort, seed=scenario.seed, starts=starts, progress=pass_on)
    outcome = outcome_of(problem, plan)
    phase = Phase.STOPPED if outcome.interrupted else Phase.FOUND
    tell(replace(heard, phase=phase, seconds=time.perf_counter() - begun))
    return outcome
