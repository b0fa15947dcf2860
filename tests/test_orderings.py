"""What four papers find of drones beside vans holds in shipped scenarios, and turns round in others."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import orderings
from orderings import ORDERINGS, Ordering, Sweep, of_scenario, sides, turns_at

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
CARDS = cache(of_scenario)


def called(ordering: Ordering) -> str:
    """Return a name for a test."""
    return f"{ordering.holds_in}: {ordering.less} < {ordering.more}"


@pytest.mark.parametrize("ordering", ORDERINGS, ids=called)
def test_what_papers_say_holds_and_turns_round(ordering: Ordering) -> None:
    """In one scenario there is less where the paper says so, in the other more; nearly every order is delivered."""
    less, more = sides(ordering, CARDS(ordering.holds_in))
    assert less < more
    if ordering.turned_in:
        less, more = sides(ordering, CARDS(ordering.turned_in))
        assert less > more
    for name in filter(None, (ordering.holds_in, ordering.turned_in)):
        cards = [CARDS(name)[side] for side in (ordering.less, ordering.more)]
        assert not any(card.violations for card in cards)
        assert all(card.served >= 0.98 * card.orders for card in cards)


def test_every_paper_turns_round_somewhere() -> None:
    """Each of the four papers has a scenario, or a variant of it, in which the ordering is the other way round."""
    papers = {ordering.paper.split(" 20")[0] for ordering in ORDERINGS if ordering.turned_in}
    assert papers == {"Goodchild and Toy", "Figliozzi", "Kirschstein", "Oakey et al."}


@pytest.mark.parametrize("ordering", [one for one in ORDERINGS if one.paper.startswith("Oakey")], ids=called)
def test_aircraft_are_sooner_and_dearer_by_much(ordering: Ordering) -> None:
    """Medicines come more than four fifths sooner by air, and transport costs at least half as much again."""
    less, more = sides(ordering, CARDS("oakey"))
    assert less < (0.2 if "time" in ordering.paper else 0.67) * more


def test_turning_points_are_read_off_between_values() -> None:
    """Where sides cross is read off by straight lines between the logarithms of their ratios, and nowhere is None."""
    assert turns_at([[0, 1, 2], [10, 2, 1]]) == pytest.approx(5)
    assert turns_at([[8, 4, 1], [4, 2, 1], [2, 1, 8]]) == pytest.approx(4 - 2 * 0.25)
    assert turns_at([[1, 1, 2], [2, 1, 3]]) is None


def test_rows_have_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row has the paper, both sides in both scenarios, each point of the sweep and where the sides cross."""
    monkeypatch.setattr(orderings, "of_scenario", lambda name: (of_scenario if "/" in str(name) else CARDS)(name))
    (base,) = [one for one in ORDERINGS if one.more == "tricycle"]
    sweep = Sweep("customers of a day", "orders", base.holds_in, (1, 12), base.sweeps[0].own)
    one = Ordering(base.paper, base.where, base.quantity, base.less, base.more, base.holds_in, base.turned_in, (sweep,))
    (row,) = orderings.rows((one,))
    assert json.loads(json.dumps(row)) == row
    assert (row["set"], row["n"], row["holds"], row["turned"]) == ("orderings", 2, True, True)
    assert row["left"] < row["right"]
    assert row["turned_left"] > row["turned_right"]
    assert [point[0] for point in row["points"]] == [1, 12]
    assert 1 < row["turns_at"] < 12


def test_published_sets_need_their_instances() -> None:
    """All sets but the orderings are read from a folder, without which the benchmark leaves with 2 and says so."""
    line = [sys.executable, str(BENCHMARKS / "published.py"), "--set", "orderings", "locker_sizes"]
    told = subprocess.run(line, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "--instances" in told.stderr
