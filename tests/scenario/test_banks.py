"""What earlier days leave in lockers, and lockers that nothing fits into."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from doorstep.handover import Size
from doorstep.scenario.file import check_file, load_scenario

EXTRACT = Path(__file__).parents[2] / "scenarios" / "data" / "karhula.osm.pbf"
TEXT = f"""\
network: {{extract: '{EXTRACT}'}}
demand: {{sample: {{orders: 80, walk_limit: [2 km, 2 km]}}}}
hubs: {{depot: {{place: auto}}}}
lockers:
  village: {{place: [26.96116, 60.52549], compartments: {{S: 12, M: 10, L: 6}}, LOCKER}}
configurations:
  locker: {{vehicles: [{{mode: van, count: 1, handover: [locker], reserve: [door]}}], lockers: all}}
"""


def written(folder: Path, locker: str) -> Path:
    path = folder / "banks.yaml"
    path.write_text(TEXT.replace("LOCKER", locker), encoding="utf-8")
    return path


@pytest.mark.parametrize(("dwell", "taken"), [("6 h", 0), ("20 h", 12), ("60 h", 28)])
def test_the_longer_parcels_wait_the_more_are_left(tmp_path: Path, dwell: str, taken: int) -> None:
    """What days like this one leave behind grows with the wait until all is taken, and is told."""
    scenario = load_scenario(written(tmp_path, f"occupied: steady, dwell: {dwell}"))
    locker = scenario.lockers["village"]
    assert sum(locker.taken.values()) == taken
    assert locker.size == 28
    assert any(note.startswith(f"locker village: {taken} of 28 compartments hold") for note in scenario.notes)


def test_numbers_by_size_are_kept(tmp_path: Path) -> None:
    """Numbers that the file gives are what is taken in the morning, and no note is made of them."""
    scenario = load_scenario(written(tmp_path, "occupied: {S: 3, L: 6}"))
    locker = scenario.lockers["village"]
    assert [locker.free_from(size) for size in Size] == [19, 10, 0, 0]
    assert (locker.of_size(Size.S), locker.of_size(Size.L), locker.size) == (12, 6, 28)
    assert not any("earlier days" in note for note in scenario.notes)


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ("occupied: steadily", "wrong-value", "or steady"),
        ("occupied: {XS: 1}", "wrong-value", "S, M, L, XL"),
        ("occupied: {S: 1.5}", "wrong-value", "whole number"),
        ("occupied: steady, dwell: 0 h", "no-dwell", "14 h"),
        ("dwell_spread: -1", "out-of-range", "0"),
    ],
)
def test_what_makes_no_sense_is_one_fault(tmp_path: Path, said: str, code: str, words: str) -> None:
    """Each slip about what earlier days leave is one fault in its place."""
    (fault,) = check_file(written(tmp_path, said))
    assert fault.code == code
    assert words in fault.fix
    assert fault.mark is not None
    assert fault.mark.line == 5


def test_a_locker_smaller_than_every_parcel(tmp_path: Path) -> None:
    """A locker that takes none of the day's parcels is a fault that gives both volumes."""
    path = written(tmp_path, "hours: ['00:00', '48:00']")
    table = tmp_path / "orders.csv"
    table.write_text("id,lon,lat,mass_kg,volume_l\na,26.9612,60.5255,2,40\nb,26.9612,60.5256,3,60\n", encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace(
        "{sample: {orders: 80, walk_limit: [2 km, 2 km]}}", "{table: {file: orders.csv}}"
    )
    path.write_text(text.replace("{S: 12, M: 10, L: 6}", "{S: 12, M: 10}"), encoding="utf-8")
    (fault,) = check_file(path)
    assert fault.code == "locker-too-small"
    assert "up to 35 L" in fault.what
    assert "2 orders, a, has 40 L, size L" in fault.what


@pytest.mark.parametrize(
    ("vehicles", "words"),
    [
        ("{mode: quadcopter, count: 1, handover: [locker]}", "it can: kiosk, yard"),
        ("{mode: quadcopter, count: 1, handover: [kiosk]}", "use a bank with `kiosk: true`"),
    ],
)
def test_only_kiosks_are_served_from_the_air(tmp_path: Path, vehicles: str, words: str) -> None:
    """An aircraft opens no locker, and one that is to serve kiosks needs a bank that is one."""
    path = written(tmp_path, "occupied: {S: 1}")
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\[\{mode: van.*\}\]", f"[{vehicles}]", text), encoding="utf-8")
    (fault,) = check_file(path)
    assert words in fault.fix
    assert fault.code in {"unable", "no-lockers"}
    if "kiosk: true" in words:
        path.write_text(path.read_text(encoding="utf-8").replace("{S: 1}", "{S: 1}, kiosk: true"), encoding="utf-8")
        assert check_file(path) == ()
        assert load_scenario(path).lockers["village"].kind == "kiosk"


def test_who_is_absent_is_read_and_bounded(tmp_path: Path) -> None:
    """Shares of absent customers come into the scenario; a share that would never end is a fault."""
    path = written(tmp_path, "occupied: {S: 1}")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("demand: {", "demand: {absent: {kerb: 0.1, wait: 4 min}, "), encoding="utf-8")
    absence = load_scenario(path).absence
    assert absence is not None
    assert (absence.share, absence.wait_s) == ({"door": 0.0, "kerb": 0.1}, 240)
    path.write_text(text.replace("demand: {", "demand: {absent: {kerb: 1}, "), encoding="utf-8")
    (fault,) = check_file(path)
    assert fault.code == "out-of-range"
