"""Shortest times against osmnx: the same where both let through, and a named rule wherever they differ."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from doorstep.network import extract

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., Path]

ROOT = Path(__file__).parents[2]
DATA = ROOT / "scenarios" / "data" / "helsinki-centre.osm.pbf"
SHARED = ROOT.parent / "shared" / "osm"
STREET = {"highway": "residential"}


@pytest.fixture(scope="module")
def compare_times() -> Any:
    """Return what the benchmark of streets compares with."""
    spec = importlib.util.spec_from_file_location("agreement", ROOT / "benchmarks" / "agreement.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.compare_times


def _town(osm_file: Write, name: str, *shortcuts: dict[str, str], barrier: bool = False) -> Path:
    """Return a long ring of streets with shortcuts across it, of these tags, over a bollard if asked for."""
    spots = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (4, 9), (3, 9), (2, 9), (1, 9), (0, 9)]
    nodes = [(k + 1, round(9 + x / 500, 7), round(50 + y / 1000, 7), {}) for k, (x, y) in enumerate(spots)]
    nodes.append((11, 9.002, 50.0045, {"barrier": "bollard"} if barrier else {}))
    ways = [(1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1], STREET)]
    ways += [(2 + k, [2 + k, 11, 9 - k] if k == 0 else [2 + k, 9 - k], tags) for k, tags in enumerate(shortcuts)]
    # Blind alleys make every bend a junction, whatever else is open there.
    nodes += [(20 + k, round(lon + 0.0002, 7), lat - 0.0002, {}) for k, lon, lat, _ in nodes[:10]]
    ways += [(20 + k, [k, 20 + k], STREET) for k in range(1, 11)]
    return osm_file(nodes, ways, name=name)


@pytest.mark.parametrize(
    ("tags", "barrier", "rules"),
    [
        (STREET, False, set()),
        (STREET | {"oneway": "-1"}, False, set()),
        (STREET | {"access": "private"}, False, set()),
        ({"highway": "footway"}, False, set()),
        (STREET, True, {"doorstep refuses: barrier"}),
        ({"highway": "service", "maxspeed": "50"}, False, {"osmnx refuses: highway=service"}),
        (STREET | {"access": "no"}, False, {"doorstep refuses: access=no"}),
        (STREET | {"junction": "circular"}, False, {"doorstep refuses: junction"}),
        (STREET | {"oneway": "yes", "oneway:motor_vehicle": "no"}, False, {"osmnx refuses: oneway"}),
        ({"highway": "track", "motorcar": "yes", "maxspeed": "50"}, False, {"osmnx refuses: highway=track"}),
    ],
)
def test_a_rule_is_named(
    compare_times: Any, osm_file: Write, tags: dict[str, str], barrier: bool, rules: set[str]
) -> None:
    """Where one shortcut is open to one side only, the tag or thing that closes it to the other is what is told."""
    found = compare_times(_town(osm_file, "town.osm", tags, STREET, barrier=barrier), seed=1)
    assert set(found["explained"]) == rules
    assert found["unexplained"] == 0
    assert found["agree"] + sum(found["explained"].values()) == found["n"]
    assert found["largest_gap"] < 0.01


def test_a_lost_street_has_no_excuse(compare_times: Any, osm_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A street that the reader loses, or drives at another speed, is explained by no rule."""
    whole = _town(osm_file, "whole.osm", STREET)
    slow = _town(osm_file, "slow.osm", STREET | {"maxspeed": "10"})
    lost = _town(osm_file, "lost.osm", {"highway": "footway"})
    read = extract.read_extract
    for other in (slow, lost):
        monkeypatch.setattr(extract, "read_extract", lambda _, other=other: read(other))
        found = compare_times(whole, seed=1)
        assert found["unexplained"] > 0
        assert found["explained"] == {}


def test_a_shipped_town_agrees(compare_times: Any) -> None:
    """In the middle of Helsinki nothing but tags, barriers and turns parts us from osmnx."""
    assert compare_times(DATA, seed=2)["unexplained"] == 0


@pytest.mark.parametrize("name", ["beijing-tsinghua.osm.pbf", "nantong-dieshiqiao.osm.pbf", "tiny-village.osm"])
def test_other_towns_agree(compare_times: Any, name: str) -> None:
    """So it is in towns of other countries."""
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not at hand")
    found = compare_times(SHARED / name, seed=3)
    assert found["unexplained"] == 0
    assert found["agree"] > 100
