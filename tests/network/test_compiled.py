"""Compiled loops and their cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

import doorstep
from doorstep.network import linking
from doorstep.network.addresses import by_address
from doorstep.network.compiled import bare_code, inner_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROGRAM = """
import numpy as np
from doorstep.network.grid import grid_town
from doorstep.network.network import Medium, Pace
town = grid_town(2, 2, 50.0, seed=0)
layer = town.layers[Medium.FOOT]
snaps = layer.snap(town.doors.xy_m[:3])
print(np.isfinite(layer.legs(snaps, snaps, Pace(1.0)).duration_s).all())
"""


KERNELS = """
from doorstep.network.compiled import bare_code
from doorstep.planning.{name} import inner

@bare_code
def outer(x):
    return inner(x)
"""
INNER = """
from doorstep.network.compiled import inner_code
from doorstep.planning.innermost import {what}

@inner_code
def inner(x):
    return {body}
"""
CALL = "from doorstep.planning.outer import outer; print(outer(1), sum(outer.stats.cache_hits.values()))"


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


def test_changed_callees_are_compiled_anew(tmp_path: Path) -> None:
    """Machine code in the cache is taken only while all that it was made of is unchanged, whatever the clock says."""
    package = tmp_path / "doorstep"
    shutil.copytree(Path(doorstep.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    planning = package / "planning"

    def run(body: str, number: int) -> str:
        """Return what a program of its own prints, with callees as given."""
        (planning / "innermost.py").write_text(f"NUMBER = {number}\n")
        (planning / "inner.py").write_text(INNER.format(what="NUMBER", body=body))
        (planning / "outer.py").write_text(KERNELS.format(name="inner"))
        for name in ("outer", "inner", "innermost"):
            os.utime(planning / f"{name}.py", (1e9, 1e9))
        place = {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
        done = subprocess.run(
            [sys.executable, "-B", "-c", CALL],
            env={**os.environ, **place},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert run("x + NUMBER", 1) == "2 0"
    assert run("x + NUMBER", 1) == "2 1"
    assert run("x + NUMBER", 2) == "3 0"
    assert run("x - NUMBER", 2) == "-1 0"
    assert run("x + NUMBER", 1) == "2 1"


@pytest.mark.parametrize("allowed", [True, False])
def test_parts_link_or_are_left_to_numba(monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    """Parts are put together with their callers; where numba does not allow it, it compiles them as it does others."""
    assert linking.links()
    monkeypatch.setattr(linking, "links", lambda: allowed)
    inner = inner_code(lambda x: x + 1)
    outer = bare_code(lambda x: inner(x) * inner(x))
    assert outer(2) == 9
    assert isinstance(inner.overloads[inner.signatures[0]].library, linking.Part) is allowed


def test_records_are_read_where_they_lie() -> None:
    """Compiled functions read arrays, numbers and flags of a record by its address, and write to its arrays."""
    total = bare_code(_total)
    record = Record(np.arange(3), np.ones((2, 2), np.int32), 5, 0.5, True)
    assert total(record) == 3 + 4 + 5 + 0.5 + 1
    assert total(record._replace(number=6, flag=False)) == 3 + 1 + 4 + 6 + 0.5
    assert record.row[0] == 2
    assert "Address(Record" in str(total.signatures)


@by_address
class Record(NamedTuple):
    """What a compiled function is given."""

    row: NDArray[np.int64]
    table: NDArray[np.int32]
    number: int
    share: float
    flag: bool


def _total(record: Record) -> float:
    """Return all numbers summed up, and add to one of them."""
    total = record.number + record.share + record.flag
    for k in range(record.row.size):
        total += record.row[k]
    for k in range(record.table.shape[0]):
        total += record.table[k, 0] + record.table[k, 1]
    record.row[0] += 1
    return total
