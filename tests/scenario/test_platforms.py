"""Tests of whose orders, hubs and lockers are whose."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from doorstep.errors import ScenarioError
from doorstep.scenario.file import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "id,lon,lat,mass_kg,platform\na,26.960,60.525,1,one\nb,26.961,60.526,1,two\n"


def written(folder: Path, platforms: str, more: str = "") -> Path:
    """Return a small variant of the shipped village with such platforms."""
    path = folder / "x.yaml"
    path.write_text(f"extends: rural\nplatforms: {{{platforms}}}\n{more}", encoding="utf-8")
    return path


def faults(path: Path) -> list[tuple[str, str]]:
    """Return where and what kind the faults of a file are."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return [(fault.where, fault.code) for fault in caught.value.faults]


def test_shares_are_dealt_out_exactly(tmp_path: Path) -> None:
    """Orders are dealt out by the shares to the nearest whole order, the same for the same seed, and said in a note."""
    path = written(tmp_path, "one: {share: 0.5}, two: {share: 0.3}, three: {share: 0.2}")
    scenario, again = load_scenario(path), load_scenario(path)
    assert Counter(order.platform for order in scenario.orders) == {"one": 18, "two": 11, "three": 7}
    assert scenario.orders == again.orders
    assert "orders: dealt out at random, 18 to one, 11 to two, 7 to three" in scenario.notes
    assert [order.x_m for order in scenario.orders] == [order.x_m for order in load_scenario("rural").orders]


@pytest.mark.parametrize(
    ("platforms", "found"),
    [
        ("one: {share: 1}", [("platforms", "one-platform")]),
        ("one: {share: 0.5}, two: {share: 0.4}", [("platforms", "bad-shares")]),
        ("one: {share: 0.5}, two: {}", [("platforms.two", "no-share")]),
        ("one: {share: 0.5, hubs: [habour]}, two: {share: 0.5}", [("platforms.one.hubs[0]", "unknown-hub")]),
        ("one: {share: 0.5, lockers: [town]}, two: {share: 0.5}", [("platforms.one.lockers[0]", "unknown-locker")]),
        (
            "one: {share: 0.5, lockers: [village]}, two: {share: 0.5, lockers: [village]}",
            [("platforms.two.lockers[0]", "owned-twice")],
        ),
        ("one: {shre: 0.5}, two: {share: 0.5}", [("platforms.one.shre", "unknown-key")]),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, platforms: str, found: list[tuple[str, str]]) -> None:
    """Shares that do not add up, strangers, and what is owned twice are faults with their places."""
    assert faults(written(tmp_path, platforms))[: len(found)] == found


def test_orders_of_a_table_say_whose_they_are(tmp_path: Path) -> None:
    """A column tells it; a name that is no platform, an empty cell and a share are faults."""
    (tmp_path / "orders.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "gaps.csv").write_text(TABLE + "c,26.962,60.526,1,\n", encoding="utf-8")
    demand = "demand: {sample: null, table: {file: orders.csv}}"
    scenario = load_scenario(written(tmp_path, "one: {}, two: {}", demand))
    assert [order.platform for order in scenario.orders] == ["one", "two"]
    assert set(faults(written(tmp_path, "one: {share: 0.5}, tow: {}", demand))) == {
        ("platforms.one.share", "share-of-table"),
        ("demand.table.file", "unknown-platform"),
    }
    gaps = demand.replace("orders.csv", "gaps.csv")
    assert faults(written(tmp_path, "one: {}, two: {}", gaps)) == [("demand.table.file", "no-platform")]
    idle = load_scenario(written(tmp_path, "one: {}, two: {}, three: {}", demand))
    assert "orders: none of three" in idle.notes


def test_without_platforms_the_column_plays_no_part(tmp_path: Path) -> None:
    """A table that tells platforms is read as it is, with a note, where the scenario has none."""
    (tmp_path / "orders.csv").write_text(TABLE, encoding="utf-8")
    path = tmp_path / "x.yaml"
    path.write_text("extends: rural\ndemand: {sample: null, table: {file: orders.csv}}\n", encoding="utf-8")
    notes = load_scenario(path).notes
    assert "orders: of one, two, which plays no part without `platforms`" in notes
