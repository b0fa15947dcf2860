"""The catalogue as tables for people."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from doorstep.errors import CatalogError
from doorstep.modes.catalog import load_mode, load_sources, mode_names, price_names
from doorstep.modes.models import MODELS
from doorstep.report.catalog import mode_table, modes_table, prices_table


def _shown(what: object, width: int = 400) -> str:
    """Return what a wide terminal shows."""
    stream = io.StringIO()
    Console(file=stream, width=width).print(what)
    return stream.getvalue()


@pytest.mark.parametrize("name", mode_names())
def test_every_value_is_shown_with_its_origin(name: str) -> None:
    """Every value of a mode has a line with its unit, and its citation or `estimate:` and why."""
    lines = _shown(mode_table(name)).splitlines()
    for value in load_mode(name).values:
        label = value.name.replace("_", " ").replace(".", ": ")
        (line,) = [line for line in lines if line.strip().startswith(f"{label}  ")]
        assert f"estimate: {value.estimate}" in line if value.estimate else load_sources()[value.source].cite in line
        assert value.unit in {"word", "yes/no"} or value.unit in line


def test_titles_in_brackets_are_shown() -> None:
    """The brackets around a description of a source are text and no mark-up."""
    assert "[Meituan's delivery drones" in _shown(mode_table("quadcopter"))


def test_weak_sources_are_told() -> None:
    """A value from a weak source says so on its line."""
    (line,) = [line for line in _shown(mode_table("van")).splitlines() if line.strip().startswith("payload ")]
    assert line.count("weak source") == 1


@pytest.mark.parametrize("book", price_names())
def test_costs(book: str) -> None:
    """With prices given, a mode's table also tells what each line of the ledger costs."""
    assert "hour away from the hub" in _shown(mode_table("quadcopter", book))
    assert "hour on duty" in _shown(mode_table("van", prices=book))
    assert "/day" in _shown(modes_table(prices=book))


def test_energy_by_model() -> None:
    """A mode's table tells what each of its energy models comes to, that of plans first, within eighty columns."""
    text = _shown(mode_table("quadcopter"), width=80)
    title = next(k for k, line in enumerate(text.splitlines()) if "plans go by rodrigues" in line)
    rows = [line.split() for line in text.splitlines()[title:] if line.split() and line.split()[0] in MODELS]
    assert [row[0] for row in rows] == ["rodrigues", "dandrea", "momentum"]
    assert rows[1][1:4] == ["14.1", "18.2", "33.3"]


def test_all_modes_one_a_line() -> None:
    """The list of modes has one line each and counts values from sources and estimates."""
    text = _shown(modes_table())
    assert [line.split()[0] for line in text.splitlines() if line.split() and line.split()[0] in mode_names()] == list(
        mode_names()
    )
    values = [value for name in mode_names() for value in load_mode(name).values]
    sourced = sum(bool(value.source) for value in values)
    assert f"{len(values)} values: {sourced} from a source, {len(values) - sourced} estimates" in text


def test_all_modes_in_a_narrow_terminal() -> None:
    """Eighty columns hold the list of modes, costs included, without cutting any figure."""
    text = _shown(modes_table("euro-area-2024"), width=80)
    assert "…" not in text
    assert len([line for line in text.splitlines() if line.split() and line.split()[0] in mode_names()]) == 7


def test_price_book() -> None:
    """A price book's table shows its wages with their unit and origin."""
    text = _shown(prices_table("united-kingdom-2023"))
    assert "11.93" in text
    assert "GBP/h" in text
    assert "Oakey et al. 2025" in text


def test_unknown_names() -> None:
    """A name that there is not ends in an error that names the nearest."""
    with pytest.raises(CatalogError, match="did you mean 'van'"):
        mode_table("vann")
    with pytest.raises(CatalogError, match="did you mean 'china-2024'"):
        modes_table(prices="china-2042")
