"""Terrainfile: heights of the ground from an ESRI ASCII grid, in the metres of a network."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from doorstep.errors import Fault, InputError
from doorstep.network.air.flight import Terrain
from doorstep.network.air.lattice import Lattice, interpolate
from doorstep.network.bounds import LIMIT
from doorstep.network.filecheck import MAGIC
from doorstep.network.given import given_path

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from pyproj import CRS

    from doorstep.network.network import Network

    Real = NDArray[np.float64]

DEGREES = "OGC:CRS84"
WORDS = ("ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize", "dx", "dy", "nodata_value")
MOST_POINTS = 25_000_000
"""More heights than this are asked to be cut to the map: 200 MB."""
LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Heights beyond those of the shore of the Dead Sea (-430 m) and of Mount Everest (8,849 m) mark gaps, not ground."""


@dataclass(frozen=True, slots=True)
class TerrainTable:
    """The terrain of one file, and what reading it needed."""

    terrain: Terrain
    notes: tuple[str, ...]


def read_terrain(path: str | Path, network: Network, crs: str | None = None) -> TerrainTable:
    """Return the heights of an ESRI ASCII grid (.asc) in the metres of a network.

    Its coordinates are those of `crs`, else of the .prj file beside it, else longitude and latitude. Grids of another
    system than the network's are interpolated at as many points of its own, with a note. Raises InputError with what is
    wrong: no grid, a header that lacks something, gaps, heights that are none, a place off the map.
    """
    path = given_path(path)
    head, height_m = _read(path)
    _check_heights(path, height_m, head.get("nodata_value"))
    name, system = _system(path, crs)
    lattice = _lattice(head, height_m.shape)
    _check_place(path, lattice, system, network)
    return _on_the_map(path, lattice, height_m, (name, system), network)


def _on_the_map(path: Path, lattice: Lattice, height_m: Real, named: tuple[str, CRS], network: Network) -> TerrainTable:
    """Return heights [rows, columns], rows from south to north, as the terrain of a network."""
    from pyproj import CRS, Transformer

    name, system = named
    notes = [f"terrain: {path.name}, {height_m.min():g} to {height_m.max():g} m high"]
    if system == CRS.from_user_input(network.crs):
        corner_m = float(lattice.east[0]), float(lattice.north[0])
        step_m = _step(lattice.east), _step(lattice.north)
        terrain = Terrain(height_m, corner_m, step_m)
    else:
        there, back = (
            Transformer.from_crs(a, b, always_xy=True) for a, b in ((system, network.crs), (network.crs, system))
        )
        corner_m, step_m, points = lattice.in_metres(network, lambda xy: np.column_stack(there.transform(*xy.T)))
        flat = points.reshape(-1, 2)
        found = interpolate(lattice, height_m, np.column_stack(back.transform(*flat.T)))
        terrain = Terrain(found.reshape(height_m.shape), corner_m, step_m)
        notes.append(
            f"terrain: reprojected from {name} to {network.crs}, a height every {step_m[0]:.3g} m by {step_m[1]:.3g} m"
        )
    west, south, east, north = network.extent_m
    rows, columns = terrain.height_m.shape
    high = terrain.corner_m[0] + (columns - 1) * terrain.step_m[0], terrain.corner_m[1] + (rows - 1) * terrain.step_m[1]
    beyond_m = max(terrain.corner_m[0] - west, terrain.corner_m[1] - south, east - high[0], north - high[1])
    if beyond_m > max(terrain.step_m):
        notes.append(
            f"terrain: ends up to {beyond_m:,.0f} m inside the edge of the map; beyond, heights at its end hold"
        )
    return TerrainTable(terrain, tuple(notes))


def _step(axis: Real) -> float:
    return float(axis[1] - axis[0]) if len(axis) > 1 else 1.0


def _read(path: Path) -> tuple[dict[str, float], Real]:
    """Return header and heights [rows, columns], rows from south to north."""
    words = _words(path)
    head: dict[str, float] = {}
    at = 0
    while at + 1 < len(words) and (words[at][0].isalpha() or words[at][0] == "_"):
        key = words[at].lower()
        if key in {"nan", "inf"}:
            break
        if key not in WORDS:
            near = get_close_matches(key, WORDS, n=1)
            fix = f"did you mean '{near[0]}'?" if near else f"its header has {', '.join(WORDS)}"
            raise InputError.of(str(path), f"is no ESRI ASCII grid: it knows no '{words[at]}'", fix, "no-grid")
        head[key] = _number(path, words[at], words[at + 1])
        at += 2
    _check_head(path, head)
    rows, columns = int(head["nrows"]), int(head["ncols"])
    if len(words) - at != rows * columns:
        what = f"has {len(words) - at:,} heights, where its header says {rows:,} x {columns:,}"
        raise InputError.of(str(path), what, "was it cut off? save it again", "wrong-size")
    try:
        height_m = np.array(words[at:], float).reshape(rows, columns)
    except ValueError as wrong:
        fix = "save it again, with decimal points"
        raise InputError.of(str(path), f"a height is no number ({wrong})", fix, "no-number") from None
    return head, np.ascontiguousarray(height_m[::-1])


def _words(path: Path) -> list[str]:
    """Return all words of a file."""
    try:
        content = path.read_bytes()
        words = content.decode("ascii").split()
    except OSError as refused:
        raise InputError.of(str(path), f"cannot be opened: {refused.strerror}", "check the path", "no-file") from None
    except UnicodeDecodeError:
        told = next((what for magic, what in MAGIC.items() if content.startswith(magic)), "no plain text")
        fix = "turn it into an ESRI ASCII grid, as by `gdal_translate -of AAIGrid heights.tif heights.asc`"
        raise InputError.of(str(path), f"is no ESRI ASCII grid but {told}", fix, "no-grid") from None
    if not words:
        raise InputError.of(str(path), "is empty", "save it again", "empty-file")
    if len(words) > MOST_POINTS:
        fix = "cut it to the map and its surroundings, or take a coarser grid"
        raise InputError.of(str(path), f"holds {len(words):,} heights, more than {MOST_POINTS:,}", fix, "too-large")
    return words


def _number(path: Path, key: str, word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise InputError.of(str(path), f"its {key} is '{word}'", "give a number", "no-number") from None


def _check_head(path: Path, head: dict[str, float]) -> None:
    """Raise InputError with everything that a header lacks."""
    faults = []
    for keys in (("ncols",), ("nrows",), ("xllcorner", "xllcenter"), ("yllcorner", "yllcenter"), ("cellsize", "dx")):
        if not any(key in head for key in keys):
            what = f"its header lacks {' or '.join(keys)}"
            faults.append(Fault(str(path), what, "save it as an ESRI ASCII grid", "no-grid"))
    if "dx" in head and "dy" not in head:
        faults.append(Fault(str(path), "its header has dx and no dy", "give both, or cellsize", "no-grid"))
    faults += [
        Fault(str(path), f"its {key} is {head[key]:g}", "give a whole number, 1 or more", "no-grid")
        for key in ("ncols", "nrows")
        if key in head and not (1 <= head[key] < np.inf and head[key] == int(head[key]))
    ]
    faults += [
        Fault(str(path), f"its {key} is {head[key]:g}", "give a length above 0", "no-grid")
        for key in ("cellsize", "dx", "dy")
        if key in head and not 0 < head[key] < np.inf
    ]
    if faults:
        raise InputError(faults)


def _check_heights(path: Path, height_m: Real, gap: float | None) -> None:
    """Raise InputError where heights are missing or no ground has them."""
    gaps = ~np.isfinite(height_m) if gap is None else ~np.isfinite(height_m) | (height_m == gap)
    fix = "fill the gaps (`gdal_fillnodata`), or cut it to where there are none"
    if gaps.any():
        what = f"{int(gaps.sum()):,} of its {gaps.size:,} heights are gaps, which are no ground"
        raise InputError.of(str(path), what, fix, "terrain-gaps")
    wrong = (height_m < LOWEST_M) | (height_m > HIGHEST_M)
    if wrong.any():
        what = f"{int(wrong.sum()):,} of its heights are such as {height_m[wrong][0]:g} m, which no ground has"
        raise InputError.of(str(path), what, f"give metres; if they mark gaps, {fix}", "terrain-heights")


def _system(path: Path, crs: str | None) -> tuple[str, CRS]:
    """Return the reference system of a grid, with its name: as asked for, else that of the .prj file, else degrees."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    beside = path.with_suffix(".prj")
    given = crs or (beside.read_text(encoding="utf-8", errors="replace") if beside.is_file() else DEGREES)
    try:
        system = CRS.from_user_input(given)
    except CRSError:
        where, told = (str(path), repr(crs)) if crs else (str(beside), "its text")
        fix = "write it as EPSG:nnnn, or leave it out for longitude and latitude"
        raise InputError.of(where, f"{told} is no reference system", fix, "unknown-crs") from None
    return crs or system.name, system


def _lattice(head: dict[str, float], shape: tuple[int, ...]) -> Lattice:
    """Return the middles of the cells."""
    steps = head.get("cellsize", head.get("dx", 1.0)), head.get("cellsize", head.get("dy", 1.0))
    axes: list[Real] = []
    for axis, step, count in zip("xy", steps, shape[::-1], strict=True):
        centre = f"{axis}llcenter"
        first = head[centre] if centre in head else head[f"{axis}llcorner"] + step / 2
        axes.append(np.asarray(first + step * np.arange(count), np.float64))
    return Lattice(axes[0], axes[1])


def _check_place(path: Path, lattice: Lattice, system: CRS, network: Network) -> None:
    """Raise InputError where a grid does not lie on the map."""
    from pyproj import Transformer

    low, high = (np.array([lattice.east[k], lattice.north[k]]) for k in (0, -1))
    if system.is_geographic and (np.abs([low, high]) > LIMIT).any():
        what = f"its corner {low.tolist()} is no longitude and latitude; the numbers look like metres"
        fix = "say which reference system they are in, as `crs: EPSG:nnnn`"
        raise InputError.of(str(path), what, fix, "terrain-off-earth")
    west, south, east, north = network.extent_m
    edge = np.linspace(0, 1, 9)
    x, y = np.meshgrid(west + edge * (east - west), south + edge * (north - south))
    turn = Transformer.from_crs(network.crs, system, always_xy=True)
    own = np.column_stack(turn.transform(x.ravel(), y.ravel()))
    begin, end = own.min(axis=0), own.max(axis=0)
    if (begin <= high).all() and (end >= low).all():
        return
    what = f"covers {low.tolist()} to {high.tolist()}, and nothing of the map"
    fix = "take the tile of the map, or say its reference system as `crs: EPSG:nnnn`"
    if (begin[::-1] <= high).all() and (end[::-1] >= low).all():
        fix = "have longitude and latitude been swapped? x is the longitude"
    raise InputError.of(str(path), what, fix, "terrain-off-map")
