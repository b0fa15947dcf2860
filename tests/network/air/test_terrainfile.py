"""Heights of the ground out of grids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyproj import CRS, Transformer

from doorstep.errors import InputError
from doorstep.network.air.terrainfile import read_terrain
from doorstep.network.grid import grid_town

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from doorstep.network.network import Network


@pytest.fixture(scope="module")
def town() -> Network:
    return grid_town(6, 5, 120.0, seed=1)


def written(
    folder: Path, heights: NDArray[np.float64], corner: tuple[float, float], step: float, more: str = ""
) -> Path:
    """Write heights [rows, columns], rows from north to south as the format has them."""
    rows, columns = heights.shape
    head = f"NCOLS {columns}\nNROWS {rows}\nXLLCORNER {corner[0]}\nYLLCORNER {corner[1]}\nCELLSIZE {step}\n{more}"
    path = folder / "hills.asc"
    path.write_text(head + "\n".join(" ".join(f"{height:.6g}" for height in row) for row in heights) + "\n")
    return path


def test_a_grid_in_the_metres_of_the_map(town: Network, tmp_path: Path) -> None:
    """The last row of the file is the southernmost, and heights stand in the middle of their cells."""
    west, south, *_ = town.extent_m
    heights = np.array([[40.0, 50.0, 60.0], [10.0, 20.0, 30.0]])
    found = read_terrain(written(tmp_path, heights, (west, south), 500.0), town, town.crs).terrain
    assert found.height_m.tolist() == [[10, 20, 30], [40, 50, 60]]
    assert found.ground_m(np.array([[west + 250, south + 250], [west + 750, south + 500]])).tolist() == [10, 35]


def test_the_system_stands_beside_the_grid(town: Network, tmp_path: Path) -> None:
    """The .prj file beside a grid names its reference system."""
    west, south, *_ = town.extent_m
    path = written(tmp_path, np.ones((3, 3)), (west, south), 300.0)
    path.with_suffix(".prj").write_text(CRS.from_user_input(town.crs).to_wkt("WKT1_ESRI"))
    assert read_terrain(path, town).terrain.corner_m == pytest.approx((west + 150, south + 150), abs=0.1)


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:3857"])
def test_a_grid_in_another_system(town: Network, tmp_path: Path, crs: str | None) -> None:
    """Heights in degrees or in other metres lie where the network's own projection puts them, with a note."""
    turn = Transformer.from_crs(town.crs, crs or "EPSG:4326", always_xy=True)
    west, south, east, north = town.extent_m
    low, high = np.array(turn.transform([west - 400, east + 400], [south - 400, north + 400])).T
    step = float((high - low).max() / 80)
    x, y = low[0] + step * (np.arange(81) + 0.5), low[1] + step * (np.arange(81) + 0.5)
    mesh = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    back = Transformer.from_crs(crs or "EPSG:4326", town.crs, always_xy=True)
    at_m = np.column_stack(back.transform(*mesh.T)) - [west, south]
    heights = (100 + 0.05 * at_m[:, 0] + 0.02 * at_m[:, 1]).reshape(81, 81)
    found = read_terrain(written(tmp_path, heights[::-1], (low[0], low[1]), step), town, crs)
    spots = np.random.default_rng(1).uniform((west, south), (east, north), (50, 2))
    expected = 100 + (spots - [west, south]) @ [0.05, 0.02]
    np.testing.assert_allclose(found.terrain.ground_m(spots), expected, atol=0.2)
    assert any("reprojected from" in note for note in found.notes)


def test_where_terrain_ends_is_told(town: Network, tmp_path: Path) -> None:
    """A grid that covers the map in part says how far its end lies inside the map's edge."""
    west, south, *_ = town.extent_m
    notes = read_terrain(written(tmp_path, np.ones((3, 3)), (west, south), 50.0), town, town.crs).notes
    assert any("beyond, heights at its end hold" in note for note in notes)


def test_other_headers(town: Network, tmp_path: Path) -> None:
    """Centres in place of corners and two different steps are read, a value that marks no gap is no matter."""
    west, south, *_ = town.extent_m
    text = f"ncols 2\nnrows 2\nxllcenter {west}\nyllcenter {south}\ndx 400\ndy 200\nNODATA_value -9999\n3 4\n1 2\n"
    (tmp_path / "hills.asc").write_text(text)
    found = read_terrain(tmp_path / "hills.asc", town, town.crs).terrain
    assert (found.corner_m, found.step_m) == ((west, south), (400, 200))
    assert found.height_m.tolist() == [[1, 2], [3, 4]]


HEAD = "ncols 2\nnrows 2\nxllcorner 3\nyllcorner 45\ncellsize 1\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("hello world", "no-grid"),
        (HEAD + "1 2 3", "wrong-size"),
        (HEAD + "1 2 3 4 5", "wrong-size"),
        (HEAD + "1 2 3 x", "no-number"),
        (HEAD + "1 2 3 nan", "terrain-gaps"),
        (HEAD + "1,5 2 3 4", "no-number"),
        (HEAD + "nodata_value -9999\n1 2 3 -9999", "terrain-gaps"),
        (HEAD + "1 2 3 -9999", "terrain-heights"),
        (HEAD.replace("cellsize 1", "cellsize 0") + "1 2 3 4", "no-grid"),
        (HEAD.replace("cellsize 1", "cellsize nan") + "1 2 3 4", "no-grid"),
        (HEAD.replace("ncols 2", "ncols 2.5") + "1 2 3 4", "no-grid"),
        (HEAD.replace("ncols 2\n", "") + "1 2 3 4", "no-grid"),
        (HEAD.replace("ncols 2", "ncols two") + "1 2 3 4", "no-number"),
        (HEAD.replace("xllcorner 3", "xllcorner 90") + "1 2 3 4", "terrain-off-map"),
        (HEAD.replace("xllcorner 3", "xllcorner 500000") + "1 2 3 4", "terrain-off-earth"),
    ],
)
def test_bad_terrain_is_told(town: Network, tmp_path: Path, text: str, code: str) -> None:
    """Files cut off, gaps, headers that lack something and places elsewhere are each a fault with a mend."""
    path = tmp_path / "hills.asc"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_terrain(path, town)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert all(fault.fix for fault in caught.value.faults)


def test_swapped_degrees_and_pictures_are_told(town: Network, tmp_path: Path) -> None:
    """Latitudes for x are asked whether they were swapped, a GeoTIFF is told how it becomes a grid."""
    west, south, *_ = town.extent_m
    lon, lat = town.unproject(np.array([[west, south]]))[0]
    with pytest.raises(InputError, match="swapped"):
        read_terrain(written(tmp_path, np.ones((5, 5)), (lat - 0.05, lon - 0.05), 0.02), town)
    (tmp_path / "hills.asc").write_bytes(b"II*\x00\xff\xfe\x80" * 20)
    with pytest.raises(InputError, match="gdal_translate"):
        read_terrain(tmp_path / "hills.asc", town)
    with pytest.raises(InputError, match="cannot be opened"):
        read_terrain(tmp_path, town)
    (tmp_path / "hills.asc").write_text(HEAD + "1 2 3 4")
    with pytest.raises(InputError, match="is no reference system"):
        read_terrain(tmp_path / "hills.asc", town, "EPSG:0")
