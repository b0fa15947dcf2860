"""A small day on a real map, planned once for all tests that look at results."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from doorstep.report.document import study_document
from doorstep.scenario.file import load_scenario
from doorstep.scenario.starter import draft
from doorstep.study import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Study

ROOT = Path(__file__).parents[1]
KARHULA = ROOT / "scenarios" / "data" / "karhula.osm.pbf"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep maps that tests read away from those of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOORSTEP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _heard_ctrl_c() -> None:
    """Have Ctrl-C heard, also where a shell that runs the tests in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def village_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a scenario with twelve orders on the shipped village map, quick to plan."""
    path = tmp_path_factory.mktemp("village") / "village.yaml"
    text = draft(KARHULA, 12, 3, folder=path.parent)
    assert "work: 400" in text
    path.write_text(text.replace("work: 400", "work: 10"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def village(village_file: Path) -> Scenario:
    return load_scenario(village_file)


@pytest.fixture(scope="session")
def study(village: Scenario) -> Study:
    return run(village)


@pytest.fixture(scope="session")
def document(study: Study) -> dict[str, object]:
    return study_document(study)
