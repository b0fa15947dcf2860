"""Living: the plans of a study lived through on the same days of chance, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from doorstep.comparison import Comparison, pareto
from doorstep.evaluation.scorecard import METRICS, SIGNS, Metric, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from doorstep.comparison import Interval
    from doorstep.evaluation.scorecard import Scorecard
    from doorstep.modes.chancebook import ChanceBook
    from doorstep.scenario.scenario import Absence
    from doorstep.simulation.days import Days
    from doorstep.study.study import Study

DECIDING = "cost per parcel"
"""The number by which a run asks whether it is sure."""
FRONT = (DECIDING, "latency p50", "CO₂e")
AT_ONCE, MOST = 100, 10_000
"""Days that are lived through before it is asked again whether that is enough, and at the most."""
FAILED = Metric("failed", "orders", "less", lambda card: card.failed)
"""Planned, and not handed over on the day."""
COURIERED = Metric("couriers called in", "orders", "less", lambda card: card.couriered)


@dataclass(frozen=True, slots=True)
class Lived:
    """Many days of each plan of a study."""

    book: ChanceBook
    days: Mapping[str, Days]
    """By configuration."""
    numbers: Mapping[str, Comparison]
    """By the name of the metric."""
    metrics: tuple[Metric, ...]

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
        """Return the mean of a metric over the days, with its interval."""
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
    progress: Callable[[int], None] | None = None,
) -> Study:
    """Return a study with its plans lived through on days of chance, the same for every configuration (`study.lived`).

    `book` is that of the scenario unless another is given. With `until_sure` days are added, twice as many each time
    and 10,000 at the most, until the cheapest configuration is surely the cheapest.

    Raises
    ------
    InputError
        If `days` is below 1.
    """
    from doorstep.modes.catalog import load_chance

    chosen = _once(book or study.scenario.chance or load_chance("usual"), study.scenario.absence)
    cards: dict[str, list[Scorecard]] = {outcome.name: [] for outcome in study.outcomes}
    while True:
        lived = _lived_through(study, days, chosen, cards)
        if progress:
            progress(days)
        if lived.sure or not until_sure or days >= MOST:
            return replace(study, lived=lived)
        days = min(MOST, days + max(AT_ONCE, days))


def _once(book: ChanceBook, absence: Absence | None) -> ChanceBook:
    """Return a book by which nobody is away whose absence the plans count already, in expectation."""
    counted = [kind for kind, share in absence.share.items() if share > 0] if absence else []
    return replace(book, missed={**book.missed, **dict.fromkeys(counted, 0.0)})


def _lived_through(study: Study, days: int, book: ChanceBook, cards: dict[str, list[Scorecard]]) -> Lived:
    """Return so many days, of which those that have `cards` already are not scored again."""
    from doorstep.planning.recourse import with_recourse
    from doorstep.simulation.days import simulate_days

    scenario, found = study.scenario, {}
    for outcome in study.outcomes:
        problem = with_recourse(outcome.problem, book)
        lived = simulate_days(problem, outcome.plan, book, scenario.modes, days, scenario.seed)
        known, found[outcome.name] = cards[outcome.name], lived
        known += [
            evaluate(problem, outcome.plan, lived.trace(day), outcome.scorecard) for day in range(len(known), days)
        ]
    metrics = (*METRICS, FAILED, COURIERED)
    return Lived(book, found, {metric.name: _compared(metric, cards) for metric in metrics}, metrics)


def _compared(metric: Metric, cards: Mapping[str, Sequence[Scorecard]]) -> Comparison:
    rows = [[np.nan if (value := metric.of(card)) is None else value for card in some] for some in cards.values()]
    return Comparison(tuple(cards), np.array(rows, float).reshape(len(cards), -1), SIGNS[metric.better])
