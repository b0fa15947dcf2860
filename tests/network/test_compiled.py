"""Compiled loops and their cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import doorstep

PROGRAM = """
import numpy as np
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Pace
town = grid_town(2, 2, 50.0, seed=0)
layer = town.layers[Medium.FOOT]
snaps = layer.snap(town.doors.xy_m[:3])
print(np.isfinite(layer.legs(snaps, snaps, Pace(1.0)).duration_s).all())
"""


def test_no_folder_can_be_written(tmp_path: Path) -> None:
    """Where neither the package's folder nor the user's takes a cache, loops are compiled for the process alone."""
    package = tmp_path / "site" / "doorstep"
    shutil.copytree(Path(doorstep.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    # A file in the place of each cache folder keeps even the superuser from making it.
    (package / "network" / "__pycache__").touch()
    (tmp_path / "home").touch()
    place = {
        "HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(package.parent),
    }
    done = subprocess.run(
        [sys.executable, "-B", "-c", PROGRAM],
        env={**{key: value for key, value in os.environ.items() if not key.startswith("NUMBA")}, **place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr
