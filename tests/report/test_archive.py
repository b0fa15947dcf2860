"""Tests of the folder that a study is kept in."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyogrio
import pytest

from doorstep.errors import StudyError
from doorstep.report import archive
from doorstep.report.archive import claim, read_study, save

if TYPE_CHECKING:
    from pathlib import Path

    from doorstep.study import Study


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "deep" / "study"
    save(study, path)
    return path


def test_the_folder_holds_the_whole_study(folder: Path, document: dict[str, Any]) -> None:
    """A study's folder holds its scenario, ledger, provenance, document and one map a plan, and nothing else."""
    plans = {f"plan-{card['name']}.gpkg" for card in document["configurations"]}
    names = {path.name for path in folder.iterdir()}
    assert names == plans | {"scenario.yaml", "plans.json", "ledger.sqlite", "provenance.json", "study.json"}


def test_the_document_reads_back(folder: Path, document: dict[str, Any]) -> None:
    """The saved document is the study's."""
    assert read_study(folder) == document


def test_the_resolved_scenario_can_be_run_again(folder: Path, study: Study) -> None:
    """The saved scenario file loads to the same orders."""
    from doorstep.scenario.file import load_scenario

    assert load_scenario(folder / "scenario.yaml").orders == study.scenario.orders


def test_the_ledger_adds_up_in_sql(folder: Path, document: dict[str, Any]) -> None:
    """In the database, lines add up to each total, and orders and sources are all there."""
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as base:
        sums = dict(base.execute("SELECT configuration, round(sum(amount), 4) FROM lines GROUP BY 1"))
        totals = dict(base.execute("SELECT name, cost_total FROM configurations"))
        served = dict(base.execute("SELECT configuration, count(*) FROM orders WHERE status = 'served' GROUP BY 1"))
        (mode,) = base.execute("PRAGMA journal_mode").fetchone()
        (sources,) = base.execute("SELECT count(*) FROM sources").fetchone()
    assert sums == totals
    assert served == {card["name"]: card["served"] for card in document["configurations"]}
    assert (mode, sources > 0) == ("wal", True)


def test_each_plan_is_a_geopackage_with_all_layers(folder: Path, study: Study) -> None:
    """Every GeoPackage has the five layers in degrees, and as many stops as orders served."""
    for outcome in study.outcomes:
        path = folder / f"plan-{outcome.name}.gpkg"
        assert {name for name, _ in pyogrio.list_layers(path)} == set(archive.LAYERS)
        stops = gpd.read_file(path, layer="stops")
        assert stops.crs == "EPSG:4326"
        assert len(stops) == outcome.scorecard.served
        assert (gpd.read_file(path, layer="routes").geom_type == "LineString").all()


def test_provenance_names_versions_sources_and_estimates(folder: Path) -> None:
    """Provenance tells the versions, the seed, where sourced numbers were published, and why others were guessed."""
    origin = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert origin["libraries"]["ortools"] != "unknown"
    assert origin["seed"] == 3
    assert all(source["cite"] for source in origin["sources"].values())
    assert all(value["source"] for value in origin["values"])
    assert origin["estimates"]
    assert all(estimate["why"] for estimate in origin["estimates"])
    assert "OpenStreetMap" in origin["streets"]["origin"]


def test_a_study_may_replace_a_study(study: Study, tmp_path: Path) -> None:
    """Saving twice into one folder replaces the first study, and a stale plan goes with it."""
    save(study, tmp_path)
    (tmp_path / "plan-stale.gpkg").touch()
    assert claim(tmp_path)
    save(study, tmp_path)
    assert not (tmp_path / "plan-stale.gpkg").exists()


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    """A folder that holds anything but a study is refused by name and left as it is."""
    (tmp_path / "thesis.tex").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match=r"thesis\.tex"):
        claim(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    """A folder that cannot be made is refused before any work is done."""
    (tmp_path / "file").touch()
    with pytest.raises(StudyError, match="cannot be written"):
        claim(tmp_path / "file" / "study")


def test_a_failed_write_leaves_the_old_study(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: dict[str, Any]
) -> None:
    """A write that fails half way costs neither the study that was there nor leaves half a new one."""
    save(study, tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_write_plan", fail)
    with pytest.raises(StudyError, match="No space left"):
        save(study, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert read_study(tmp_path) == document


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "doorstep/study/99"}', "\x00"])
def test_what_is_no_study_is_not_read(tmp_path: Path, text: str) -> None:
    """A broken or foreign document is refused in words."""
    (tmp_path / "study.json").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"study|schema"):
        read_study(tmp_path)
