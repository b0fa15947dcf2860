"""What a file says of homes and returns, and of lockers that days like this one fill, moves some result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from doorstep.report.document import study_document
from doorstep.scenario.file import load_scenario
from doorstep.study import run

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTRACT = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"
SAID: Mapping[str, str] = {
    "occupied": "{}",
    "consolidate": "false",
    "household_share": "0.3",
    "return_share": "0.0",
}
MOVED = [
    ("occupied", "steady"),
    ("consolidate", "true"),
    ("household_share", "0.0"),
    ("return_share", "0.3"),
]
TEXT = """\
name: levers
network: {extract: 'EXTRACT'}
demand:
  consolidate: CONSOLIDATE
  sample: {orders: 24, household_share: HOUSEHOLD_SHARE, return_share: RETURN_SHARE, walk_limit: [1 km, 2 km]}
hubs: {depot: {place: auto}}
lockers:
  village: {place: [26.96116, 60.52549], compartments: {S: 3, M: 2, L: 1}, occupied: OCCUPIED, dwell: 30 h}
  shop: {place: [26.9532, 60.5318], compartments: {S: 1}}
  station: {place: [26.9532, 60.5318], compartments: {S: 1}, kiosk: true}
configurations:
  locker: {vehicles: [{mode: van, count: 2, handover: [locker, kiosk], reserve: [door]}], lockers: all}
  robot: {vehicles: [{mode: robovan, count: 2}, {mode: van, count: 1, reserve: true}], lockers: all}
planner: {work: 10}
"""


def results(folder: Path, said: Mapping[str, str]) -> list[Any]:
    """Return what a study comes to, without how it was found."""
    text = TEXT.replace("EXTRACT", str(EXTRACT))
    for key in sorted(said, key=len, reverse=True):
        text = text.replace(key.upper(), said[key])
    path = folder / "levers.yaml"
    path.write_text(text, encoding="utf-8")
    document = study_document(run(load_scenario(path)))
    return [{key: value for key, value in card.items() if key != "solver"} for card in document["configurations"]]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return results(tmp_path_factory.mktemp("levers"), SAID)


@pytest.mark.parametrize(("key", "value"), MOVED)
def test_every_lever_moves_something(tmp_path: Path, before: list[Any], key: str, value: str) -> None:
    """Whatever is said otherwise of homes, returns and what fills lockers changes a number of some card."""
    assert results(tmp_path, {**SAID, key: value}) != before
