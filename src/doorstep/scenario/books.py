"""Books: prices, law and chance, as a file names them by a shipped name or by the path of an own one."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from doorstep.errors import InputError
from doorstep.modes.catalog import load_chance, load_laws, load_prices
from doorstep.scenario.inherit import is_file, is_path, missing_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorstep.errors import Fault
    from doorstep.modes.chancebook import ChanceBook
    from doorstep.modes.lawbook import Lawbook
    from doorstep.modes.mode import PriceBook
    from doorstep.scenario.case import Case

T = TypeVar("T")


class Books(NamedTuple):
    """The books of one scenario; None where it names none, or one that cannot be read."""

    prices: PriceBook | None
    laws: Lawbook | None
    chance: ChanceBook | None


def books_of(case: Case) -> tuple[Books, list[Fault]]:
    """Return the books that a file names, each read once, and what is wrong with them."""
    prices, faults = prices_of(case)
    laws, unlawful = _book(case, "laws", case.tables.laws, load_laws)
    chance, unlikely = _book(case, "chance", case.tables.chance, load_chance)
    return Books(prices, laws, chance), [*faults, *unlawful, *unlikely]


def prices_of(case: Case) -> tuple[PriceBook | None, list[Fault]]:
    """Return the price book with the scenario's own prices, or why there is none."""
    book, faults = _book(case, "prices", case.tables.prices, load_prices)
    planner = case.tables.planner
    if book and planner.unserved_price is not None:
        book = dataclasses.replace(book, unserved_price=planner.unserved_price)
    if book and planner.late_per_hour is not None:
        book = dataclasses.replace(book, late_per_hour=planner.late_per_hour)
    return book, faults


def _book(case: Case, key: str, name: str | None, load: Callable[[str | Path], T]) -> tuple[T | None, list[Fault]]:
    """Return a book by its name or path, which stand at a key of the file."""
    if name is None:
        return None, []
    node = case.root.at([key])
    if is_path(name) and not is_file(name) and node:
        return None, [case.told_from(missing_file(name, Path(node.mark.file).parent, key, node.mark))]
    try:
        return load(Path(name) if is_path(name) else name), []
    except InputError as error:
        return None, [case.adopt(fault, [key]) for fault in error.faults]
