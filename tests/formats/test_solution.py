"""Tests of solution files: read, written, and numbered as each side expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from texts import CVRP, MIXED, TRIPS

from doorstep.errors import InputError
from doorstep.formats import Solution, read_instance, read_solution, recompute, write_solution
from doorstep.formats.solution import numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]

SINTEF = """Instance name : lc101
Authors       : Somebody
Date          : 11-mar-03
Reference     : Chapter in a book: ISBN 978
Solution
Route 1 : 81 78
Route  2 : 57
"""


def test_both_kinds_of_files_are_read(written: Write) -> None:
    """Routes of .sol files, empty ones among them, and of the SINTEF pages are read."""
    sol = read_solution(written("Route #1: 1 2\nRoute #2:\nRoute #3: 3\nCost: 12.5\nOptimal: True\nComment: x\n"))
    assert sol == Solution(((1, 2), (), (3,)), 12.5)
    assert read_solution(written(SINTEF)) == Solution(((81, 78), (57,)), None)


@pytest.mark.parametrize(
    ("text", "routes"),
    [(CVRP, ((4, 3), (1, 2))), (MIXED, ((), (2,), (1, 3))), (MIXED, ((1, 3), (2,))), (TRIPS, ((1, 0, 3, 2),))],
)
def test_a_written_solution_is_read_again(
    written: Write, tmp_path: Path, text: str, routes: tuple[tuple[int, ...], ...]
) -> None:
    """Routes keep their vehicles and their visits to the depot through a file."""
    instance = read_instance(written(text))
    bill = recompute(instance, Solution(routes))
    out = tmp_path / "out.sol"
    write_solution(out, instance, bill.plan, bill.cost)
    assert read_solution(out) == Solution(routes, bill.cost)


def test_labels_are_the_files_own(written: Write) -> None:
    """Solution files count a VRPLIB file's nodes from 0; labels are the file's own numbers, the depot's too."""
    instance = read_instance(written(TRIPS))
    plan = recompute(instance, Solution(((1, 0, 3, 2),))).plan
    assert numbered(instance, plan) == [[1, 0, 3, 2]]
    assert numbered(instance, plan, labels=True) == [[2, 1, 4, 3]]


def test_an_unknown_customer_is_a_fault(written: Write) -> None:
    """A route to a customer that is not in the instance cannot be costed."""
    with pytest.raises(InputError, match="9 is no customer of square"):
        recompute(read_instance(written(CVRP)), Solution(((9,),)))


def test_a_folder_cannot_be_written(written: Write, tmp_path: Path) -> None:
    """Where no file can be written, that is told."""
    instance = read_instance(written(CVRP))
    bill = recompute(instance, Solution(((1, 2), (3, 4))))
    with pytest.raises(InputError, match="cannot be written"):
        write_solution(tmp_path, instance, bill.plan, bill.cost)
