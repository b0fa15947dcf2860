"""Tests of what `import doorstep` gives."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import doorstep

HEAVY = ("ortools", "osmnx", "pandas", "numba", "geopandas", "pydantic", "numpy", "scipy", "shapely", "osmium")


def test_every_public_name_is_there() -> None:
    """Every name of `__all__` can be had, has a docstring, and `dir` shows it."""
    for name in doorstep.__all__:
        found = getattr(doorstep, name)
        assert isinstance(found, str) or found.__doc__
    assert set(dir(doorstep)) == set(doorstep.__all__)


def test_public_names_are_written_down_once_for_each_reader() -> None:
    """The names for type checkers, for the loader and in `__all__` are the same, from the same modules."""
    tree = ast.parse(Path(doorstep.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    typed = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert typed == doorstep._HOMES  # noqa: SLF001 - the table under test
    assert set(doorstep.__all__) == {*typed, "__version__"}
    assert doorstep.__all__ == sorted(doorstep.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """Asking for a name that is not there is an AttributeError that tells the name."""
    with pytest.raises(AttributeError, match="teleport"):
        doorstep.teleport  # noqa: B018 - asked for to see the error


@pytest.mark.parametrize("arguments", [["-c", "import doorstep"], ["-m", "doorstep", "--help"]])
def test_starting_loads_nothing_heavy(arguments: list[str]) -> None:
    """Neither `import doorstep` nor `doorstep --help` loads a heavy library."""
    done = subprocess.run([sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True)
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "doorstep" in loaded
    assert not loaded & set(HEAVY)
