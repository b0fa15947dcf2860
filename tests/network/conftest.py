"""Hand-made streets and hand-written files of OpenStreetMap."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest

from doorstep.network.ways import StreetTable, Survey, WayTags, tabulate_ways

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Node = tuple[int, float, float, Mapping[str, str]]
    Way = tuple[int, Sequence[int], Mapping[str, str]]


sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def table() -> Callable[..., StreetTable]:
    """Return a maker of street tables out of points and (nodes, tags) of ways, each a kind of its own."""

    def make(xy_m: Sequence[tuple[float, float]], *ways: tuple[Sequence[int], Mapping[str, str]]) -> StreetTable:
        first = np.concatenate([[0], np.cumsum([len(nodes) for nodes, _ in ways])])
        node = np.array([n for nodes, _ in ways for n in nodes], np.int64)
        tags = WayTags([tuple(tags.items()) for _, tags in ways], np.arange(len(ways), dtype=np.int32))
        return tabulate_ways(Survey(np.array(xy_m, float), first, node, tags))

    return make


@pytest.fixture
def osm_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of .osm files."""

    def write(
        nodes: Sequence[Node],
        ways: Sequence[Way],
        relations: str = "",
        bounds: tuple[float, float, float, float] | None = None,
        name: str = "hand.osm",
    ) -> Path:
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        if bounds:
            west, south, east, north = bounds
            lines.append(f'<bounds minlon="{west}" minlat="{south}" maxlon="{east}" maxlat="{north}"/>')
        for number, lon, lat, tags in nodes:
            lines.append(f'<node id="{number}" version="1" lon="{lon}" lat="{lat}">{_tags(tags)}</node>')
        for number, refs, tags in ways:
            inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            lines.append(f'<way id="{number}" version="1">{inside}{_tags(tags)}</way>')
        path = tmp_path / name
        path.write_text("\n".join([*lines, relations, "</osm>"]), encoding="utf-8")
        return path

    return write


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
