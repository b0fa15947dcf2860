"""Archive: a study as a folder, written whole or not at all, and read again."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorstep.errors import StudyError
from doorstep.report.document import SCHEMA, as_json, study_document
from doorstep.report.provenance import study_provenance
from doorstep.study.stored import plans_document

if TYPE_CHECKING:
    from doorstep.study import Outcome, Study

DOCUMENT, PLANS, SCENARIO = "study.json", "plans.json", "scenario.yaml"
LAYERS = ("routes", "stops", "lockers", "unserved", "hubs")


def claim(folder: Path | str) -> bool:
    """Make sure that a study can be written to a folder, before any work is done; tell whether one is there already.

    Raises
    ------
    StudyError
        If the folder cannot be made or written, or holds anything but a study.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".doorstep-"):
            pass
        inside = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise StudyError(f"{folder}: cannot be written: {error.strerror or error} (choose another --out)") from error
    if inside and not is_study(folder):
        what = f"{folder}: is not empty and holds no study of Doorstep (it has {min(inside)})"
        raise StudyError(f"{what}; choose an empty or a new folder")
    return bool(inside)


def is_study(folder: Path | str) -> bool:
    """Tell whether a folder holds a study."""
    try:
        read_study(folder)
    except StudyError:
        return False
    return True


def save(study: Study, folder: Path | str) -> tuple[Path, ...]:
    """Write a study to a folder and return its files; a study that is there already is replaced.

    Everything is written beside its place first, so that a full disk costs neither the old study nor the folder.

    Raises
    ------
    StudyError
        If the folder cannot be written, or holds anything but a study.
    """
    folder = Path(folder)
    claim(folder)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".doorstep-") as desk:
            _write(study, Path(desk))
            _clear(folder)
            for path in sorted(Path(desk).iterdir()):
                shutil.move(path, folder / path.name)
    except OSError as error:
        raise StudyError(f"{folder}: the study could not be written: {error}") from error
    return tuple(sorted(path for path in folder.iterdir() if path.is_file()))


def read_study(folder: Path | str) -> dict[str, Any]:
    """Return the document of a study that was saved.

    Raises
    ------
    StudyError
        If the folder holds none, or one of a kind that this Doorstep does not know.
    """
    path = Path(folder) / DOCUMENT
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StudyError(f"{folder}: holds no study: {DOCUMENT} is missing or cannot be read") from error
    found = document.get("schema") if isinstance(document, dict) else None
    if found != SCHEMA:
        raise StudyError(f"{path}: has the schema {found!r}, this Doorstep reads {SCHEMA}")
    return dict(document)


def load_study(folder: Path | str) -> Study:
    """Return a study that was saved, with its problems and plans; days of chance can be lived through anew.

    Raises
    ------
    StudyError
        If the folder holds none, or its plans do not belong to its scenario.
    ScenarioError
        If its scenario can no longer be read.
    """
    from doorstep.scenario.file import load_scenario
    from doorstep.study.stored import study_of

    read_study(folder)
    path = Path(folder) / PLANS
    try:
        document = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (OSError, ValueError) as error:
        raise StudyError(f"{path}: is missing or cannot be read; run the scenario again with --out") from error
    return study_of(load_scenario(Path(folder) / SCENARIO), document)


def _no_number(word: str) -> float:
    """Refuse NaN and infinities, which no rule of the checker would find fault with."""
    raise ValueError(f"{word} is no number")


def _write(study: Study, desk: Path) -> None:
    from doorstep.report.ledger import write_ledger

    (desk / SCENARIO).write_text(study.scenario.text, encoding="utf-8")
    write_ledger(study, desk / "ledger.sqlite")
    for outcome in study.outcomes:
        _write_plan(study, outcome, desk / f"plan-{outcome.name}.gpkg")
    (desk / PLANS).write_text(as_json(plans_document(study)), encoding="utf-8")
    (desk / "provenance.json").write_text(as_json(study_provenance(study)), encoding="utf-8")
    (desk / DOCUMENT).write_text(as_json(study_document(study)), encoding="utf-8")


def _write_plan(study: Study, outcome: Outcome, path: Path) -> None:
    """Write a plan as a GeoPackage; layers with nothing in them are there too, so that a project finds them."""
    name = outcome.name
    frames = {
        "routes": (study.routes(name), "LineString"),
        "stops": (study.stops(name), "Point"),
        "lockers": (study.lockers(name), "Point"),
        "unserved": (study.unserved_places(name), "Point"),
        "hubs": (study.hubs(name), "Point"),
    }
    for layer in LAYERS:
        frame, kind = frames[layer]
        frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio", geometry_type=kind)


def _clear(folder: Path) -> None:
    """Take away the files of an earlier study, and nothing else."""
    ours = (SCENARIO, PLANS, "ledger.sqlite*", "plan-*.gpkg", "provenance.json", DOCUMENT)
    for path in (path for pattern in ours for path in folder.glob(pattern)):
        path.unlink()
