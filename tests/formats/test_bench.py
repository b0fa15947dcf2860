"""Tests on public instances: every best-known solution recomputes to its stated value and keeps every rule."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from doorstep.formats import read_instance, read_solution, recompute

BENCH = Path(__file__).parents[2].parent / "shared" / "bench"
SETS = {
    "cvrp_x": 0,
    "cvrp_xxl_belgium": 0,
    "hfvrp_pessoa": 0.025,
    "mdvrptw_vidal": 0,
    "mtvrptwr_yang": 0,
    "sdvrptw": 0,
    "pcvrptw": 0,
    "gvrp": 0,
    "pdptw_lilim": 1e-4,
    "vrptw_solomon_gh": 1e-4,
}
"""Sets, and by how much stated values differ: few decimals, or (HFVRP, in part) lengths rounded to thousandths."""
MOST = 10_000
"""Customers; beyond, the table alone takes 1 GB."""


@pytest.mark.parametrize("name", SETS)
def test_best_known_solutions_recompute(name: str) -> None:
    """Cost, vehicles and feasibility are as stated."""
    if not (BENCH / "MANIFEST.csv").is_file():
        pytest.skip("the public instances are not there")
    with (BENCH / "MANIFEST.csv").open(encoding="utf-8") as file:
        entries = [row for row in csv.DictReader(file) if row["set"] == name and row["solution_file"]]
    assert entries
    wrong = []
    for entry in entries:
        if int(entry["n_customers"]) > MOST:
            continue
        first = "vehicles then distance" if entry["objective"].startswith("vehicles") else None
        instance = read_instance(BENCH / entry["instance_file"], objective=first)
        bill = recompute(instance, read_solution(BENCH / entry["solution_file"]))
        vehicles, _, cost = entry["bks"].rpartition("/")
        fits = abs(bill.cost - float(cost)) <= SETS[name]
        if not (fits and bill.feasible and (not vehicles or bill.vehicles == int(vehicles.split()[0]))):
            wrong.append((entry["instance_file"], bill.cost, entry["bks"], bill.violations[:2], bill.missing))
    assert wrong == []


def test_values_without_solutions_are_not_beaten_by_a_lone_customer() -> None:
    """Instances that come with a value only are read too, and every customer can be served by itself."""
    if not (BENCH / "MANIFEST.csv").is_file():
        pytest.skip("the public instances are not there")
    for path in sorted((BENCH / "cvrp_classic").rglob("*.vrp")):
        assert read_instance(path).problem.own_reach.all(), path
