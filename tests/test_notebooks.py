"""Tests that the notebooks run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    """Every cell of a notebook runs in this environment, from a folder that holds nothing else."""
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    line = [sys.executable, "-m", "pytest", "--nbmake", "--nbmake-timeout=300", "-p", "no:cacheprovider", str(copy)]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_stripped(path: Path) -> None:
    """A notebook is kept as nbstripout leaves it."""
    line = [sys.executable, "-m", "nbstripout", "--verify", str(path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_a_notebook() -> None:
    """The first notebook is there."""
    assert "first-day" in [path.stem for path in NOTEBOOKS]
