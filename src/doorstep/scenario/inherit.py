"""Inheritance between scenario files: `extends` names a file whose values are taken where none are given."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from doorstep.errors import Fault, Mark, ScenarioError
from doorstep.network.given import given_path
from doorstep.scenario.document import Entry, Node, parse, read_text
from doorstep.scenario.stated import is_stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATHS = (
    ("network", "extract"),
    ("network", "graphml"),
    ("network", "no_fly", "file"),
    ("network", "terrain", "file"),
    ("weather", "wind", "file"),
    ("demand", "table", "file"),
    ("demand", "history", "file"),
)
"""Where a scenario file names other files, besides its traffic, its books and its own modes."""
TRAFFIC = (("network", "traffic"), ("network", "traffic", "value"))
"""Where it may name a table of traffic, bare or with a source."""


def shipped() -> Mapping[str, Path]:
    """Return the scenarios that come with Doorstep, by name."""
    package = Path(__file__).parents[1]
    folders = package / "scenarios", package.parents[1] / "scenarios"
    return {path.stem: path for folder in reversed(folders) for path in sorted(folder.glob("*.yaml"))}


def scenario_path(path_or_name: str | Path) -> Path:
    """Return the file of a scenario given by its path or by the name of a shipped one.

    Raises
    ------
    ScenarioError
        If there is neither.
    """
    path, name = given_path(path_or_name), str(path_or_name)
    if is_file(name):
        return path
    if path.is_dir() and name not in shipped():
        within = sorted(near.name for near in path.glob("*.y*ml"))
        fix = f"name a file in it: {', '.join(within[:5])}" if within else "name a scenario file"
        raise ScenarioError([Fault(name, "is a folder", fix, "missing-file")])
    if name in shipped():
        return shipped()[name]
    beside = [near.name for near in path.parent.glob("*.y*ml")] if found_path(str(path.parent), Path.cwd()) else []
    raise ScenarioError([_no_scenario(name, f"no file '{name}'", [*shipped(), *beside], None)])


def resolved(path: Path, heirs: Sequence[Path] = ()) -> Node:
    """Return a file's document with everything it inherits, its paths made absolute.

    Maps are merged key by key, lists and numbers replaced, and `key: null` takes an inherited key away.

    Raises
    ------
    ScenarioError
        If a file cannot be read, is no YAML map, or inherits from itself.
    """
    node = _with_absolute_paths(parse(read_text(path), str(path)), path)
    if "extends" not in node.entries:
        return node
    entry = node.entries["extends"]
    own = Node({key: value for key, value in node.entries.items() if key != "extends"}, node.mark)
    parent = _parent(entry.node, path)
    if parent.resolve() in [heir.resolve() for heir in (*heirs, path)]:
        what = f"the file inherits from itself, by way of {parent.name}"
        raise ScenarioError([Fault("extends", what, "break the circle", "extends-circle", entry.node.mark)])
    base = resolved(parent, (*heirs, path))
    return _merged(Node({key: value for key, value in base.entries.items() if key != "name"}, base.mark), own)


def found_path(written: str, folder: Path) -> Path | None:
    """Return the file that a path means: in the folder of the file that names it, else in the working folder."""
    if not written.strip():
        return None
    try:
        for place in (folder / Path(written).expanduser(), Path(written).expanduser()):
            if place.exists():
                return place.resolve()
    except (OSError, ValueError, RuntimeError):  # too long a name, a zero byte, nobody's home
        return None
    return None


def is_file(written: str) -> bool:
    """Tell whether a path, already found, is that of a file."""
    found = found_path(written, Path.cwd())
    return found is not None and found.is_file()


def missing_file(written: str, folder: Path, where: str, mark: Mark) -> Fault:
    """Return the fault of a file that is in neither place."""
    tried = list(dict.fromkeys([folder.resolve() / written, Path.cwd() / written]))
    if any(path.is_dir() for path in tried):
        return Fault(where, f"'{written}' is a folder", "name a file in it", "missing-file", mark)
    suffix = Path(written).suffix
    near = []
    if suffix and found_path(str(tried[0].parent), folder):
        near = sorted(p.name for p in tried[0].parent.iterdir() if p.suffix == suffix)
    close = difflib.get_close_matches(Path(written).name, near, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    where_tried = " and ".join(str(path) for path in tried)
    return Fault(where, f"no file '{written}'", f"{hint}looked for {where_tried}", "missing-file", mark)


def is_path(name: str) -> bool:
    """Tell whether a price book or a mode is given as a file instead of by name."""
    return "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))


def is_table(name: str) -> bool:
    """Tell whether traffic is given as a file instead of by the name of a profile."""
    return "/" in name or "\\" in name or "." in name


def _parent(node: Node, path: Path) -> Path:
    name = node.value
    if not isinstance(name, str):
        fix = "write the name of a file or of a shipped scenario"
        raise ScenarioError([Fault("extends", "`extends` names one file", fix, "extends", node.mark)])
    found = found_path(name, path.parent)
    if found and found.is_file():
        return found
    if name in shipped():
        return shipped()[name]
    if is_path(name):
        raise ScenarioError([missing_file(name, path.parent, "extends", node.mark)])
    raise ScenarioError([_no_scenario(name, f"no scenario '{name}' to inherit from", list(shipped()), node.mark)])


def _no_scenario(name: str, what: str, known: Sequence[str], mark: Mark | None) -> Fault:
    near = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(Path(name).stem, known, n=1)
    fix = f"did you mean '{near[0]}'?" if near else f"give a path, or one of: {', '.join(shipped())}"
    return Fault("extends" if mark else name, what, fix, "missing-file", mark)


def _merged(base: Node, own: Node) -> Node:
    if not isinstance(base.value, dict) or not isinstance(own.value, dict) or is_stated(base) or is_stated(own):
        return own
    found = dict(base.entries)
    for key, entry in own.entries.items():
        if key not in found:
            found[key] = entry
        elif entry.node.value is None:
            del found[key]
        else:
            found[key] = Entry(entry.key, _merged(found[key].node, entry.node))
    return Node(found, own.mark)


def _with_absolute_paths(root: Node, path: Path) -> Node:
    """Return the document with every path to a file that exists written in full, so that heirs find it."""
    modes = root.at(["modes"])
    named = [("modes", name) for name in modes.entries] if modes else []
    for loc in [*PATHS, *TRAFFIC, ("prices",), ("laws",), ("chance",), *named]:
        node = root.at(loc)
        means = is_table if loc in TRAFFIC else is_path
        if node and isinstance(node.value, str) and (loc in PATHS or means(node.value)):
            found = found_path(node.value, path.parent)
            if found:
                root = _put(root, loc, replace(node, value=str(found)))
    return root


def _put(root: Node, loc: Sequence[str], node: Node) -> Node:
    if not loc:
        return node
    entry = root.entries[loc[0]]
    return Node({**root.entries, loc[0]: Entry(entry.key, _put(entry.node, loc[1:], node))}, root.mark)
