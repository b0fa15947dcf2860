"""Pooling: platforms that deliver apart, and together: what they save, and what each would pay."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from doorstep.errors import InputError
from doorstep.evaluation.shapley import coalitions, fair_split, tempted
from doorstep.study.outcome import Outcome, outcome_of
from doorstep.study.study import Study, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal
    from fractions import Fraction

    from doorstep.lockers.locker import Locker
    from doorstep.scenario.scenario import Configuration, Hub, Platform, Scenario
    from doorstep.study.step import Step

    Coalition = frozenset[str]

MOST = 6
"""Platforms, all of whose 63 coalitions are planned."""


@dataclass(frozen=True, slots=True)
class Pooling:
    """Every coalition of the platforms of a scenario, planned by itself."""

    scenario: Scenario
    platforms: tuple[str, ...]
    """Those that have orders."""
    studies: Mapping[Coalition, Study]
    seconds: float

    @property
    def configurations(self) -> tuple[str, ...]:
        """Names of the configurations that every coalition has been planned with."""
        done = [{outcome.name for outcome in study.outcomes} for study in self.studies.values()]
        names = [configuration.name for configuration in self.scenario.configurations]
        return tuple(name for name in names if done and all(name in some for some in done))

    @property
    def interrupted(self) -> bool:
        """True where the run was stopped by hand, so that no split can be told."""
        complete = len(self.studies) == 2 ** len(self.platforms) - 1
        return not complete or any(study.interrupted for study in self.studies.values())

    def outcome(self, configuration: str, *members: str) -> Outcome:
        """Return what became of some platforms together; InputError for a configuration that there is not."""
        return self.studies[frozenset(members)].outcome(configuration)

    def cost(self, configuration: str) -> dict[Coalition, Decimal]:
        """Return what each coalition pays, unserved orders at their price, in the scenario's currency."""
        cards = {some: study.outcome(configuration).scorecard for some, study in self.studies.items()}
        return {some: card.cost_total + card.unserved_penalty for some, card in cards.items()}

    def split(self, configuration: str) -> dict[str, Fraction]:
        """Return what each platform pays of the cost of all together by its Shapley value; the parts add up to it."""
        return fair_split(self.platforms, self.cost(configuration))

    def tempted(self, configuration: str) -> list[Coalition]:
        """Return the coalitions that would pay less by themselves than that split asks of them."""
        return tempted(self.platforms, self.cost(configuration), self.split(configuration))


def pool(
    scenario: Scenario,
    *,
    configurations: Sequence[str] | None = None,
    progress: Callable[[Coalition, Step], None] | None = None,
) -> Pooling:
    """Plan every coalition of a scenario's platforms: each apart, some together, and all.

    A coalition has the orders of its members, their hubs and lockers, and the vehicles there. At a hub or locker that
    no platform names each member has one of its own; together they have the vehicles, places and banks of all of them
    there, and pay for one hub. No coalition pays more than its parts would: it is shown their plans.

    Raises
    ------
    InputError
        If fewer than two platforms have orders or more than six, or a configuration is named that there is not.
    """
    begun = time.perf_counter()
    owning = {order.platform for order in scenario.orders}
    members = [platform.name for platform in scenario.platforms if platform.name in owning]
    if not 1 < len(members) <= MOST:
        what = f"{len(members)} of its platforms have orders, and 2 to {MOST} can be pooled"
        fix = "name them under `platforms`, each with its `share`" if len(members) < MOST else "put some together"
        raise InputError.of("platforms", what, fix, "platforms")
    studies: dict[Coalition, Study] = {}
    for some in coalitions(members):
        tell = partial(progress, some) if progress else None
        study = run(coalition_scenario(scenario, some), configurations=configurations, progress=tell)
        studies[some] = replace(study, outcomes=tuple(_no_dearer(study, each, studies) for each in study.outcomes))
        if study.interrupted:
            break
    return Pooling(scenario, tuple(members), studies, time.perf_counter() - begun)


def coalition_scenario(scenario: Scenario, members: Coalition) -> Scenario:
    """Return the day of some platforms together."""
    platforms = [platform for platform in scenario.platforms if platform.name in members]
    lockers, banks = _banks(scenario, platforms)
    times = _times(scenario, platforms)
    return replace(
        scenario,
        orders=tuple(order for order in scenario.orders if order.platform in members),
        hubs={name: _hub(hub, times[name]) for name, hub in scenario.hubs.items()},
        lockers=lockers,
        locker_options=scenario.locker_options * len(platforms),
        configurations=tuple(_configuration(one, times, banks, len(platforms)) for one in scenario.configurations),
        platforms=tuple(platforms),
    )


def _times(scenario: Scenario, platforms: Sequence[Platform]) -> dict[str, int]:
    """Return how many of the platforms have each hub."""
    owned = {hub for platform in scenario.platforms for hub in platform.hubs}
    return {
        hub: sum(hub in platform.hubs for platform in platforms) if hub in owned else len(platforms)
        for hub in scenario.hubs
    }


def _banks(scenario: Scenario, platforms: Sequence[Platform]) -> tuple[dict[str, Locker], dict[str, tuple[str, ...]]]:
    """Return the banks that platforms have, and the names of those at each locker of the scenario."""
    owned = {locker for platform in scenario.platforms for locker in platform.lockers}
    found: dict[str, Locker] = {}
    names: dict[str, tuple[str, ...]] = {}
    for name, locker in scenario.lockers.items():
        having = [platform.name for platform in platforms if name in platform.lockers or name not in owned]
        names[name] = tuple(name if name in owned else f"{name} of {owner}" for owner in having)
        found |= {bank: replace(locker, name=bank) for bank in names[name]}
    return found, names


def _hub(hub: Hub, times: int) -> Hub:
    """Return a hub with the pads, docks, chargers and loaders of all who have it."""
    many = max(1, times)
    rooms = {name: getattr(hub, name) for name in ("pads", "docks", "chargers", "loaders")}
    return replace(hub, **{name: room and room * many for name, room in rooms.items()})


def _configuration(
    one: Configuration, times: Mapping[str, int], banks: Mapping[str, tuple[str, ...]], members: int
) -> Configuration:
    """Return a configuration with the vehicles and lockers of all members."""
    return replace(
        one,
        vehicles=tuple(replace(group, count=group.count * times[group.hub]) for group in one.vehicles),
        lockers=tuple(bank for locker in one.lockers for bank in banks[locker]),
        operators=one.operators and one.operators * members,
    )


def _no_dearer(study: Study, own: Outcome, parts: Mapping[Coalition, Study]) -> Outcome:
    """Return an outcome that is no dearer than those of the parts of its coalition together."""
    from doorstep.planning.begun.merging import merged
    from doorstep.planning.checker import cost
    from doorstep.planning.planner import polish

    everybody = frozenset(platform.name for platform in study.scenario.platforms)
    splits = [(some, everybody - some) for some in parts if some < everybody and everybody - some in parts]
    if not splits or own.interrupted:
        return own
    pairs = [[parts[some].outcome(own.name) for some in split] for split in splits]
    lent = [(own.problem, merged(own.problem, [(one.problem, one.plan) for one in pair])) for pair in pairs]
    if min(cost(own.problem, plan) for _, plan in lent) >= cost(own.problem, own.plan):
        return own
    scenario = study.scenario
    return outcome_of(own.problem, polish(own.problem, own.plan, lent, scenario.effort, seed=scenario.seed))
