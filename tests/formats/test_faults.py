"""Tests of files at fault: every fault is named with its line, all at once, and nothing is ignored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from texts import ALLOWED, CVRP, DEPOTS, GROUPS, LILIM, MATRIX, MIXED, PRIZES, SOLOMON, TRIPS, VROOM

from doorstep.errors import InputError
from doorstep.formats import read_instance, read_solution

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]

LISTS = {"matrices": {"car": {"durations": [[[0], [1]], [[1], [0]]]}}}
UPPER = MATRIX.format(layout="UPPER_ROW", numbers="1 2 4")
BROKEN = {
    "cut off in the coordinates": (CVRP[: CVRP.index("4 0 4")], "NODE_COORD_SECTION has 3 of 5 rows", "truncated"),
    "cut off before the demands": (CVRP[: CVRP.index("DEMAND")], "there is no DEMAND_SECTION", "missing"),
    "cut off before the groups": (GROUPS[: GROUPS.index("MUT")], "there is no MUTUALLY_EXCLUSIVE_GROUP", "missing"),
    "cut off in the groups": (GROUPS[: GROUPS.index("1 2 3")], "MUTUALLY_EXCLUSIVE_GROUP_SECTION has no", "truncated"),
    "an unknown section": (CVRP.replace("DEMAND_SECTION", "DEMANDS_SECTION"), "DEMANDS_SECTION", "unknown-section"),
    "a section of elsewhere": (CVRP.replace("DEPOT_SECTION", "BACKHAUL_SECTION"), "BACKHAUL_SECTION", "unsupported"),
    "an unknown key": (CVRP.replace("CAPACITY", "CAPACITTY"), "unknown key CAPACITTY", "unknown-key"),
    "a key twice": (CVRP.replace("TYPE :", "NAME : x\nTYPE :"), "NAME is there twice", "twice"),
    "an unknown type": (CVRP.replace("CVRP", "XVRP"), "TYPE 'XVRP'", "unknown-type"),
    "an unknown metric": (CVRP.replace("EUC_2D", "GEO"), "EDGE_WEIGHT_TYPE 'GEO'", "unknown-metric"),
    "no dimension": (CVRP.replace("DIMENSION : 5\n", ""), "DIMENSION is missing", "missing"),
    "no nodes": (CVRP.replace("DIMENSION : 5", "DIMENSION : 0"), "no nodes at all", "empty"),
    "a row too short": (CVRP.replace("3 3 4", "3 3"), "needs 3 numbers a line, here are 2", "row"),
    "a word for a number": (CVRP.replace("3 3 4", "3 three 4"), "'three' is not a number", "number"),
    "a number that is none": (CVRP.replace("3 3 4", "3 nan 4"), "'nan' is not a number", "number"),
    "a node twice": (CVRP.replace("3 3 4", "2 3 4"), "says number 2 twice", "twice"),
    "a node too many": (CVRP.replace("5 1 1", "5 1 1\n6 1 1"), "speaks of number 6", "range"),
    "a negative demand": (CVRP.replace("5 5\nDEPOT", "5 -5\nDEPOT"), "node 5 is negative", "negative"),
    "a depot that is no node": (CVRP.replace(" 1\n -1", " 9\n -1"), "depot 9 is no node", "range"),
    "a depot after the last": (CVRP.replace(" -1\n", " -1\n 2\n"), "goes on with 2 after -1", "after-end"),
    "a depot below nought": (CVRP.replace(" -1\n", " -12\n"), "'-12' is not a whole number of 1", "number"),
    "numbers after the end": (CVRP + "7 7\n", "more after EOF", "after-end"),
    "numbers before a section": ("1 2 3\n" + CVRP, "numbers without a section", "stray"),
    "a vehicle's depot that is none": (DEPOTS.replace("2 2\nDEPOT", "2 3\nDEPOT"), "is no depot", "depot"),
    "a window the wrong way": (DEPOTS.replace("3 5 9", "3 9 5"), "node 3 closes before it opens", "window"),
    "vehicles of half a section": (MIXED.replace("3 1000\n", ""), "has 2 of 3 rows; missing: 3", "truncated"),
    "a customer in two groups": (GROUPS.replace("2 4 5", "2 3 4 5"), "in another group too", "group"),
    "a group of unlike members": (GROUPS.replace("3 2\n4 1", "3 1\n4 1"), "differs from another member", "group"),
    "a matrix cut off": (UPPER.replace("1 2 4", "1 2"), "has 2 numbers, UPPER_ROW of 3 nodes needs 3", "truncated"),
    "a negative length": (UPPER.replace("1 2 4", "1 -2 4"), "length -2 is negative", "negative"),
    "an unknown layout": (UPPER.replace("UPPER_ROW", "HALF"), "EDGE_WEIGHT_FORMAT 'HALF'", "unknown-format"),
    "costs beyond counting": (MIXED.replace("1000", "1e15"), "cannot be counted exactly", "beyond-measure"),
    "a number beyond counting": (MIXED.replace("1000", "1e30"), "more than can be counted", "beyond-measure"),
    "a prize beyond counting": (PRIZES.replace("3 6", "3 9e14"), "the prize of node 3 is more than", "beyond-measure"),
    "places too far apart": (CVRP.replace("4 0 4", "4 0 9e14"), "choose another", "beyond-measure"),
    "a Solomon line cut off": (SOLOMON.rstrip()[:-14], "a customer has 7 numbers, here are 5", "row"),
    "a Solomon file without customers": (SOLOMON[: SOLOMON.index("    0 ")], "there is no depot", "missing"),
    "a Solomon heading": (SOLOMON.replace("CUSTOMER\n", "CLIENTS\n"), "unknown heading 'CLIENTS'", "unknown-section"),
    "a delivery that is lost": (LILIM[: LILIM.index("4\t0\t1")], "stop 3 has no pickup or delivery", "pair"),
    "a delivery of something else": (LILIM.replace("-2\t20", "-1\t20"), "does not bring", "pair"),
    "no JSON": (VROOM[:50], "this is no JSON", "syntax"),
    "a JSON key misspelt": (VROOM.replace('"skills"', '"skils"'), "unknown key 'skils'", "unknown-key"),
    "an old JSON key": (VROOM.replace('"costs"', '"cost"'), "unknown key 'cost'", "unknown-key"),
    "breaks": (VROOM.replace('"id": 7', '"id": 7, "breaks": [{"id": 1}]'), "is not supported", "unsupported"),
    "no matrix": (
        VROOM.replace('"location_index": 2', '"location": [10.0, 50.0]'),
        "has coordinates but no",
        "no-matrix",
    ),
    "a swapped place": (VROOM.replace('"location_index": 2', '"location": [50, 100]'), "swapped", "type"),
    "a row beyond the matrix": (
        VROOM.replace('"location_index": 2', '"location_index": 9'),
        "beyond the matrices",
        "range",
    ),
    "a window of JSON the wrong way": (
        json.dumps(json.loads(VROOM)).replace("[20, 30]", "[30, 20]"),
        "jobs[1].time_windows: window 2 ends at 20, before it begins at 30",
        "type",
    ),
    "an id beyond VROOM's": (VROOM.replace('"id": 20', f'"id": {1 << 63}'), f"from 0 to {(1 << 63) - 1}", "type"),
    "a time beyond counting": (VROOM.replace('"setup": 1', f'"setup": {1 << 41}'), f"from 0 to {1 << 40}", "type"),
    "a number without end": (VROOM.replace('"id": 20', '"id": ' + "9" * 5000), "thousands of digits", "beyond-measure"),
    "a matrix of lists": (json.dumps(LISTS), "needs whole numbers of 0 or more", "number"),
    "a matrix of fractions": (VROOM.replace("\n     8,", "\n     8.5,", 1), "needs whole numbers", "number"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_named(written: Write, name: str) -> None:
    """What is wrong with a file is said in words, with a code."""
    text, words, code = BROKEN[name]
    with pytest.raises(InputError) as told:
        read_instance(written(text))
    assert any(words in f"{fault.what} {fault.fix}" and fault.code == code for fault in told.value.faults), told.value


@pytest.mark.parametrize("text", [CVRP, MIXED, DEPOTS, TRIPS, ALLOWED, PRIZES, GROUPS])
def test_a_file_cut_off_before_a_section_is_refused(written: Write, text: str) -> None:
    """What a type cannot do without is missed by name; depots alone may go unsaid, where there is but one."""
    lines = text.splitlines()
    for k in [k for k, line in enumerate(lines) if line.endswith("_SECTION")]:
        cut = written("\n".join(lines[:k]))
        if lines[k] == "DEPOT_SECTION" and text != DEPOTS:
            assert "there is no EOF at the end: is the file whole?" in read_instance(cut).notes
            continue
        with pytest.raises(InputError) as told:
            read_instance(cut)
        missed = lines[k].replace("FIXED", "UNIT_DISTANCE")  # not every mixed fleet has fixed costs
        (fault,) = [fault for fault in told.value.faults if fault.what.endswith(f" {missed}")]
        assert (fault.code, "is the file cut off?" in fault.fix) == ("missing", True)


def test_fixed_costs_alone_will_do_where_a_file_has_its_end(written: Write) -> None:
    """A mixed fleet whose ways all cost the same says only what its vehicles cost; depots may end twice."""
    lines = MIXED.splitlines()
    k = lines.index("VEHICLES_UNIT_DISTANCE_COST_SECTION")
    after = next(j for j in range(k + 1, len(lines)) if lines[j][:1].isalpha())
    text = "\n".join([*lines[:k], *lines[after:]]).replace("\nEOF", "\n-1\n-1\nEOF")
    assert text.rstrip().endswith("1\n-1\n-1\nEOF")
    (metre_cost,) = {fleet.metre_cost for fleet in read_instance(written(text)).problem.fleets}
    assert metre_cost > 0


def test_every_fault_is_told_at_once_with_its_line(written: Write) -> None:
    """Faults of different sections are told together, each where it stands."""
    text = CVRP.replace("3 3 4", "3 three 4").replace("CAPACITY", "CAPACITTY").replace("2 5\n", "2 five\n")
    with pytest.raises(InputError) as told:
        read_instance(written(text))
    lines = {fault.mark.line for fault in told.value.faults if fault.mark}
    assert lines >= {6, 10, 15}
    assert "three" in str(told.value)


def test_faults_beyond_number_are_cut_short(written: Write) -> None:
    """A file of another kind does not flood the screen."""
    with pytest.raises(InputError) as told:
        read_instance(written(CVRP.replace("NODE_COORD_SECTION", "NODE_COORD_SECTION\n" + "x y\n" * 500)))
    assert len(told.value.faults) <= 51


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n", "empty"), ("a\0b", "not-text"), ("hello", "unknown-format")]
)
def test_what_is_no_problem_file_is_refused(written: Write, text: str, code: str) -> None:
    """An empty file, one that is no text, and one of no known format are each told."""
    with pytest.raises(InputError) as told:
        read_instance(written(text))
    assert told.value.faults[0].code == code


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A path where nothing is makes one clear fault, and so does a folder."""
    for path, code in ((tmp_path / "none.vrp", "missing-file"), (tmp_path, "unreadable")):
        with pytest.raises(InputError) as told:
            read_instance(path)
        assert told.value.faults[0].code == code


def test_options_that_do_not_fit_are_refused(written: Write) -> None:
    """An unknown format, and an objective where prizes are the objective, are faults."""
    with pytest.raises(InputError, match="unknown format 'tsp'"):
        read_instance(written(CVRP), kind="tsp")
    with pytest.raises(InputError, match="leaves no other"):
        read_instance(written(PRIZES), objective="distance")


def test_the_format_can_be_said(written: Write) -> None:
    """A format that is said is believed, so its reader tells the faults."""
    with pytest.raises(InputError, match="a stop has 9 numbers"):
        read_instance(written(CVRP), kind="lilim")


def test_a_solution_at_fault_is_told(written: Write) -> None:
    """Unknown lines, words for numbers and a file without routes are faults."""
    for text, words in (
        ("Tour 1: 2 3", "unknown line"),
        ("Route #1: 2 x", "'x' is not a number"),
        ("Cost 3", "no routes"),
    ):
        with pytest.raises(InputError, match=words):
            read_solution(written(text))


def test_an_empty_vroom_file_is_a_problem_without_orders(written: Write) -> None:
    """No vehicles and no jobs are no fault: there is just nothing to do."""
    instance = read_instance(written(json.dumps({"vehicles": [], "jobs": []})))
    assert (instance.problem.order_ids, instance.problem.fleets) == ((), ())


def test_faults_of_json_are_told_where_they_stand(written: Write) -> None:
    """A value at fault is marked at its own line, not where its key is first found; so is a table without an id."""
    text = """{
 "vehicles": [{"id": 1, "start_index": 0, "description": "a: {[,\\""}],
 "jobs": [
  {"id": 1, "location_index": 1, "service": 5},
  {"id": 2, "location_index": 1, "service": 5},
  {"id": 3, "location_index": 1, "service": -5},
  {"location_index": 1}
 ],
 "shipments": [{
   "pickup": {"id": 1, "location_index": 1},
   "delivery": {"id": 1, "location_index": 1,
     "servise": 3}
  }],
 "matrices": {"car": {"durations": [[0, 1], [1, 0]]}}
}
"""
    with pytest.raises(InputError) as told:
        read_instance(written(text))
    assert [fault.mark.line for fault in told.value.faults if fault.mark] == [6, 7, 12]


def test_large_ids_and_rare_letters_are_read(written: Write) -> None:
    """Ids such as moments in milliseconds and texts with separators of Unicode are no faults."""
    text = VROOM.replace('"id": 20', '"id": 1700000000000, "description": "one\u2028two\x85three"')
    assert 1700000000000 in read_instance(written(text)).labels
