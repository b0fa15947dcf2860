"""Living: the plans of a study lived through on the same days of chance, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.comparison import LEVEL, Comparison, pareto
from doorstep.errors import InputError
from doorstep.evaluation.scorecard import METRICS, SIGNS, Metric, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from doorstep.comparison import Interval
    from doorstep.evaluation.scorecard import Scorecard
    from doorstep.modes.chancebook import ChanceBook
    from doorstep.scenario.scenario import Scenario
    from doorstep.simulation.days import Days
    from doorstep.simulation.reliving import Relived
    from doorstep.study.outcome import Outcome
    from doorstep.study.study import Study

DECIDING = "cost per parcel"
"""The number by which a run asks whether it is sure."""
FRONT = (DECIDING, "latency p50", "CO₂e")
AT_ONCE, MOST = 100, 10_000
"""Days that are lived through before it is asked again whether that is enough, and at the most."""
LOOKS = 8
"""How often that can be asked where the first time is after so many."""
FAILED = Metric("failed", "orders", "less", lambda card: card.failed)
"""Planned, and not handed over on the day."""
COURIERED = Metric("couriers called in", "orders", "less", lambda card: card.couriered)


@dataclass(frozen=True, slots=True)
class Lived:
    """Many days of each plan of a study."""

    book: ChanceBook
    days: Mapping[str, Days | Relived]
    """By configuration."""
    numbers: Mapping[str, Comparison]
    """By the name of the metric."""
    metrics: tuple[Metric, ...]
    replanned: tuple[str, ...] = ()
    """Configurations whose trips were planned anew in the course of each day."""
    within: float | None = None
    """Share of every cost per parcel that its interval was to reach to each side at the most; None for no such wish."""

    @property
    def count(self) -> int:
        """Number of days."""
        return int(self.numbers[DECIDING].values.shape[1])

    @property
    def sure(self) -> bool:
        """Whether the cheapest configuration is surely the cheapest."""
        ranks = self.numbers[DECIDING].ranks()
        return not ranks or ranks[0].sure

    def interval(self, metric: str, configuration: str) -> Interval:
        """Return the mean of a metric over the days, with its interval.

        Raises
        ------
        InputError
            If there is no such metric or configuration.
        """
        if metric not in self.numbers:
            mend = f"choose one of {', '.join(self.numbers)}"
            raise InputError.of("metric", f"there are no days of a metric '{metric}'", mend)
        return self.numbers[metric].interval(configuration)

    def front(self) -> tuple[str, ...]:
        """Return the configurations that none beats in cost, latency and emissions at once."""
        return pareto({name: [self.interval(metric, name).mean for metric in FRONT] for name in self.days})


def live_through(
    study: Study,
    days: int,
    book: ChanceBook | None = None,
    *,
    until_sure: bool = False,
    within: float | None = None,
    replan: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Study:
    """Return a study with its plans lived through on days of chance, the same for every configuration (`study.lived`).

    `book` is that of the scenario unless another is given. With `until_sure` days are added, twice as many each time
    and 10,000 at the most, until the cheapest configuration is surely before every other; who looks often finds
    something once, so each look asks for an eighth of the doubt (Bonferroni). With `within` days are added until the
    interval of every cost per parcel reaches no more than this share of it to each side. With `replan`
    configurations that are dispatched in the course of the day call the planner at each decision of each day, from how
    things went until then; that takes as long as to plan them as many times.

    Raises
    ------
    InputError
        If `days` is below 1, or `within` no share above 0.
    """
    if within is not None and not 0 < within < 1:
        raise InputError.of("within", f"{within:g} is no share between 0 and 1", "give it as 0.01", "bad-share")
    chosen = book_of(study.scenario, book)
    cards: dict[str, list[Scorecard]] = {outcome.name: [] for outcome in study.outcomes}
    lived = None
    while True:
        lived = _lived_through(study, days, chosen, cards, lived, replan=replan)
        if progress:
            progress(days)
        deciding = lived.numbers[DECIDING]
        unsure = until_sure and not deciding.settled(1 - (1 - LEVEL) / LOOKS)
        wide = within is not None and not deciding.within(within)
        if days >= MOST or not (unsure or wide):
            return replace(study, lived=replace(lived, within=within))
        more = max(AT_ONCE, days) if unsure else min(max(AT_ONCE, days), deciding.days_needed(within or 1) - days)
        days = min(MOST, days + max(1 + days // 20, more))


def book_of(scenario: Scenario, book: ChanceBook | None = None) -> ChanceBook:
    """Return a scenario's book of chance, by which nobody is away whose absence the plans count already."""
    from doorstep.modes.catalog import load_chance

    book, absence = book or scenario.chance or load_chance("usual"), scenario.absence
    counted = [kind for kind, share in absence.share.items() if share > 0] if absence else []
    return replace(book, missed={**book.missed, **dict.fromkeys(counted, 0.0)})


def _lived_through(
    study: Study, days: int, book: ChanceBook, cards: dict[str, list[Scorecard]], before: Lived | None, *, replan: bool
) -> Lived:
    """Return so many days, of which those that have `cards` already are not scored again."""
    from doorstep.planning.task.recourse import with_recourse

    found: dict[str, Days | Relived] = {}
    anew = tuple(one.name for one in study.outcomes if replan and one.problem.decisions_s)
    for outcome in study.outcomes:
        name, known = outcome.name, cards[outcome.name]
        priced = replace(outcome, problem=with_recourse(outcome.problem, book))
        if name in anew:
            found[name] = _relived(study.scenario, priced, book, days, before)
        else:
            found[name] = _as_planned(study.scenario, priced, book, days)
        known += [
            evaluate(priced.problem, priced.plan, found[name].trace(day), outcome.scorecard)
            for day in range(len(known), days)
        ]
    metrics = (*METRICS, FAILED, COURIERED)
    return Lived(book, found, {metric.name: _compared(metric, cards) for metric in metrics}, metrics, anew)


def _as_planned(scenario: Scenario, outcome: Outcome, book: ChanceBook, days: int) -> Days:
    from doorstep.simulation.days import simulate_days

    return simulate_days(outcome.problem, outcome.plan, book, scenario.modes, days, scenario.seed)


def _relived(scenario: Scenario, outcome: Outcome, book: ChanceBook, days: int, before: Lived | None) -> Relived:
    """Return days on which the planner is called at each decision; those that were lived before are taken over."""
    from doorstep.simulation.reliving import Relived, relive

    earlier = before.days[outcome.name] if before else None
    known = earlier if isinstance(earlier, Relived) else None
    problem, plan, modes, effort = outcome.problem, outcome.plan, scenario.modes, scenario.effort
    return relive(problem, plan, book, modes, effort, days, seed=scenario.seed, before=known)


def _compared(metric: Metric, cards: Mapping[str, Sequence[Scorecard]]) -> Comparison:
    rows = [[np.nan if (value := metric.of(card)) is None else value for card in some] for some in cards.values()]
    return Comparison(tuple(cards), np.array(rows, float).reshape(len(cards), -1), SIGNS[metric.better])
