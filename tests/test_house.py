"""Tests of the house itself: its files, its floors, its words and its numbers."""

from __future__ import annotations

import ast
import json
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = sorted((ROOT / "src" / "doorstep").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
WRITTEN = [
    path
    for path in ROOT.rglob("*")
    if path.suffix in {".py", ".md", ".yaml", ".toml", ".ipynb", ".bib"}
    and not {part for part in path.relative_to(ROOT).parts if part.startswith(".") and part != ".ci"}
]
SHY = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_files_are_short() -> None:
    """The median file has at most 120 lines and none more than 400."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (*SOURCE, *TESTS)}
    assert {str(path): n for path, n in lengths.items() if n > 400} == {}
    assert statistics.median(lengths[path] for path in SOURCE) <= 120


def test_no_file_bears_the_name_of_a_function_it_holds() -> None:
    """No module has a function of its own name, so that `from room import name` is never ambiguous."""
    clashes = [
        path
        for path in SOURCE
        if path.stem in {node.name for node in tree(path).body if isinstance(node, ast.FunctionDef)}
    ]
    assert clashes == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    """No module is called utils, helpers, common, manager or base."""
    assert [path for path in SOURCE if path.stem in SHY] == []


def test_every_room_says_what_it_is() -> None:
    """Every folder of modules is a package, and every module begins with a sentence."""
    rooms = {path.parent for path in SOURCE}
    assert {room for room in rooms if not (room / "__init__.py").is_file()} == set()
    silent = [
        path for path in SOURCE if not re.match(r"[^\n]+[.:]$", ast.get_docstring(tree(path)) or "", re.MULTILINE)
    ]
    assert silent == []


def test_every_test_has_a_true_sentence() -> None:
    """The docstring of every test is a sentence: it begins with a capital or a name and ends with a full stop."""
    dumb = []
    for path in TESTS:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = " ".join((ast.get_docstring(node) or "").split())
                if not re.fullmatch(r"[A-Z0-9`'\"-].{10,}\.", words):
                    dumb.append(f"{path.name}::{node.name}")
    assert dumb == []


def test_tests_stand_where_their_rooms_do() -> None:
    """Every folder of tests mirrors a room of the source."""
    rooms = {path.parent.relative_to(ROOT / "tests") for path in TESTS}
    assert {room for room in rooms if not (ROOT / "src" / "doorstep" / room).is_dir()} == set()


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="not a git checkout")
def test_no_source_is_ignored_by_git() -> None:
    """No file of the package or of the tests is kept out of the repository by .gitignore."""
    paths = [str(path) for path in (*SOURCE, *TESTS)]
    done = subprocess.run(["git", "check-ignore", *paths], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    assert done.stdout == ""


def test_no_path_of_a_machine_is_written_down() -> None:
    """No file names a folder that exists on one machine only."""
    spot = re.compile(r"(?<![\w.<~-])/(?:home|root|Users|tmp|work|mnt)/\w")
    found = {str(path): spot.findall(path.read_text(encoding="utf-8")) for path in WRITTEN}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_imports_point_upstream() -> None:
    """The floors hold: every import goes down, as import-linter judges it."""
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed beside this Python")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_room_goes_in_circles() -> None:
    """Within every room its files and the rooms inside it import each other one way only, types apart."""
    grimp = pytest.importorskip("grimp", reason="import-linter is not installed")
    graph = grimp.build_graph("doorstep", exclude_type_checking_imports=True)
    rooms = [module for module in graph.modules if graph.find_children(module)]
    assert {room: found for room in rooms if (found := graph.nominate_cycle_breakers(room))} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    """Notebooks hold no outputs, no counts and no traces of a machine."""
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    assert set(book["metadata"]) <= {"kernelspec", "language_info"}


def test_every_number_of_the_catalogue_has_an_origin() -> None:
    """Every value of every mode and price book names a known source or says why it was estimated."""
    from doorstep.modes.catalog import load_mode, load_prices, load_sources, mode_names, price_names

    known = load_sources()
    values = [value for name in mode_names() for value in load_mode(name).values]
    values += [value for name in price_names() for value in load_prices(name).values]
    assert len(values) > 100
    assert [value for value in values if not value.estimate and value.source not in known] == []
    assert [value for value in values if value.estimate and value.source] == []


def test_every_file_to_be_shipped_has_its_licence_beside_it() -> None:
    """Every street extract that is shipped is named in the licence file of its folder, with its origin."""
    folder = ROOT / "scenarios" / "data"
    notice = (folder / "LICENSE.md").read_text(encoding="utf-8")
    extracts = [path.name for path in folder.iterdir() if path.suffix == ".pbf"]
    assert extracts
    assert [name for name in extracts if f"`{name}`" not in notice] == []
    assert "Open Database Licence" in notice
