"""Readers of extracts measured side by side, each in a process of its own so that peak memory is its own.

`osmnx` is `graph_from_xml` of the same extract, all of it; a PBF, which osmnx does not read, is converted by osmium
beforehand without a line of Python, and both count (`convert_cpu_s` is the former). `osmnx, streets only` is osmnx at
its best: somebody has taken out all that is no street beforehand, which is not counted (`filter_cpu_s`). Doorstep reads
all streets, buildings, addresses and lockers, and lays the layer of vans, since osmnx makes one graph; doors, notes and
what people and robots may walk on are made of what was read when somebody asks for them. They are in the rows `every
layer`, with the layers of all modes, and `basemap too`, with areas and labels; `no layer yet` has neither. osmnx gives
up on extracts whose ways lack nodes: it gets a copy without the missing references, made beforehand and not counted,
and the row says how many were dropped.
Imports and compilation come once and are in no row.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]
REPEATS = 3
"""The least CPU of so many runs counts, for every tool alike."""
MOST_REPEATS, WORTH_BYTES = 50, 2_000_000
"""Small extracts are read more often, until so many bytes are read: else chance tells as much as the reader."""
WHOLE, STREETS_ONLY = "osmnx", "osmnx, streets only"
FIRST, SECOND, BOTH = "doorstep", "doorstep, second load", "doorstep, basemap too"
LAYERS, UNLAID = "doorstep, every layer", "doorstep, no layer yet"
LACKS_NODES = "missing nodes"
"""What osmnx says of ways that refer to nodes which are not in the file."""


def measure_readers(extract: Path) -> list[Row]:
    """Return the rows of all readers."""
    rows = []
    for tool in READERS:
        done = subprocess.run(  # noqa: S603
            [sys.executable, __file__, str(extract), tool], capture_output=True, text=True, check=False
        )
        if done.returncode:
            rows.append({"name": "reader", "tool": tool, "left_out": done.stderr.strip().splitlines()[-1]})
        else:
            rows.append(json.loads(done.stdout))
    return rows


def _read_ours(extract: Path) -> Row:
    """Return the row of a map of which the roads are laid."""
    return _read_layers(extract, FIRST, ("road",))


def _read_every_layer(extract: Path) -> Row:
    return _read_layers(extract, LAYERS, ("road", "cycle", "path", "foot"))


def _read_unlaid(extract: Path) -> Row:
    """Return the row of a map that is read, before anybody asks for a layer of it."""
    return _read_layers(extract, UNLAID, ())


def _read_layers(extract: Path, tool: str, media: tuple[str, ...]) -> Row:
    from doorstep.network.extract import read_extract
    from doorstep.network.network import Medium

    def read(path: Path) -> Any:
        network = read_extract(path)
        for medium in media:
            network.layers[Medium(medium)]
        return network, network.notes if "foot" in media else ()

    _junctions(read(_one_street())[0])
    cpu_s, (network, _) = timed(lambda: read(extract), repeats_of(extract))
    peak_mb = _peak_mb()
    return {"name": "reader", "tool": tool, "n": _junctions(network), "cpu_s": cpu_s, "peak_mb": peak_mb}


def _read_map(extract: Path) -> Row:
    """Return the row of a map with laid roads, and of all that lies under them on a picture, in one pass."""
    from doorstep.network.basemap import read_map

    def read(path: Path) -> Any:
        network, basemap = read_map(path)
        return network.notes, basemap, _junctions(network)

    read(_one_street())
    cpu_s, (_, _, n) = timed(lambda: read(extract), repeats_of(extract))
    return {"name": "reader", "tool": BOTH, "n": n, "cpu_s": cpu_s, "peak_mb": _peak_mb()}


def _load_ours(extract: Path) -> Row:
    """Return the row of a network that was read before, by the same machine but another process."""
    from doorstep.network.store.pantry import load_extract

    with tempfile.TemporaryDirectory() as shelf:
        words = "import sys, pathlib; from doorstep.network.store.pantry import load_extract as load; "
        words += "load(*map(pathlib.Path, sys.argv[1:])).layers['road']"
        subprocess.run([sys.executable, "-c", words, str(extract), shelf], check=True)  # noqa: S603
        street = _one_street()
        for _ in range(2):
            _junctions(load_extract(street, Path(shelf)))
        cpu_s, n = timed(lambda: _junctions(load_extract(extract, Path(shelf))), repeats_of(extract))
    return {"name": "reader", "tool": SECOND, "n": n, "cpu_s": cpu_s, "peak_mb": _peak_mb()}


def _junctions(network: Any) -> int:
    from doorstep.network.network import Medium

    return int(network.layers[Medium.ROAD].edges.nodes)


def _read_whole(extract: Path) -> Row:
    import osmnx

    osmnx.graph_from_xml(_one_street())
    with tempfile.TemporaryDirectory() as folder:
        plain, convert_s = extract, 0.0
        if extract.name.lower().endswith(".pbf"):
            plain = Path(folder) / "whole.osm"
            convert_s, _ = timed(lambda: _convert(extract, plain), repeats_of(extract))
        try:
            cpu_s, graph = timed(lambda: osmnx.graph_from_xml(plain), repeats_of(extract))
            dropped = 0
        except ValueError as error:
            if LACKS_NODES not in str(error):
                raise
            repaired = Path(folder) / "repaired.osm"
            dropped = _write_repaired(extract, repaired, streets_only=False)
            cpu_s, graph = timed(lambda: osmnx.graph_from_xml(repaired), repeats_of(extract))
        row = {"name": "reader", "tool": WHOLE, "n": len(graph), "cpu_s": convert_s + cpu_s, "peak_mb": _peak_mb()}
        row |= {"convert_cpu_s": convert_s} if convert_s else {}
        return row | ({"references_dropped": dropped} if dropped else {})


def _read_streets_only(extract: Path) -> Row:
    import osmnx

    osmnx.graph_from_xml(_one_street())
    with tempfile.TemporaryDirectory() as folder:
        streets = Path(folder) / "streets.osm"
        filter_s, dropped = timed(lambda: _write_repaired(extract, streets, streets_only=True), 1)
        cpu_s, graph = timed(lambda: osmnx.graph_from_xml(streets), repeats_of(extract))
        row = {"name": "reader", "tool": STREETS_ONLY, "n": len(graph), "cpu_s": cpu_s, "peak_mb": _peak_mb()}
        return row | {"filter_cpu_s": filter_s} | ({"references_dropped": dropped} if dropped else {})


READERS: dict[str, Callable[[Path], Row]] = {
    FIRST: _read_ours,
    LAYERS: _read_every_layer,
    UNLAID: _read_unlaid,
    BOTH: _read_map,
    SECOND: _load_ours,
    WHOLE: _read_whole,
    STREETS_ONLY: _read_streets_only,
}


def _convert(extract: Path, target: Path) -> None:
    """Write an extract as XML, all in osmium's own code."""
    import osmium

    target.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(target)) as writer:
        osmium.apply(str(extract), writer)


def _write_repaired(extract: Path, target: Path, *, streets_only: bool) -> int:
    """Write an extract as XML without references to nodes that it lacks, and return how many there were."""
    import osmium

    def processed(kinds: Any) -> Any:
        return osmium.FileProcessor(str(extract), kinds)

    there = {node.id for node in processed(osmium.osm.NODE)}
    used: set[int] = set()
    dropped = 0
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        ways = []
        for way in processed(osmium.osm.WAY):
            if streets_only and "highway" not in way.tags:
                continue
            refs = [node.ref for node in way.nodes if node.ref in there]
            dropped += len(way.nodes) - len(refs)
            if len(refs) > 1:
                used.update(refs)
                ways.append(way.replace(nodes=refs, tags=dict(way.tags)))
        for node in processed(osmium.osm.NODE):
            if not streets_only or node.id in used:
                writer.add_node(node)
        for way in ways:
            writer.add_way(way)
    return dropped


def _one_street() -> Path:
    """Return a file of one street, by which imports and compilation are done before anything is measured."""
    nodes = "".join(f'<node id="{k}" version="1" lat="0.00{k}" lon="0.001"/>' for k in (1, 2))
    way = '<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>'
    street = Path(tempfile.mkdtemp()) / "street.osm"
    street.write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    return street


def repeats_of(extract: Path) -> int:
    """Return how often an extract is read, by each tool."""
    return max(REPEATS, min(MOST_REPEATS, WORTH_BYTES // max(1, extract.stat().st_size)))


def timed(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, Any]:
    """Return the least CPU seconds of some repetitions, and the result."""
    spans = []
    for _ in range(repeats):
        result = None  # so that the peak of memory is that of one run
        begun = time.process_time()
        result = work()
        spans.append(time.process_time() - begun)
    return min(spans), result


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("extract", type=Path)
    asked.add_argument("tool", choices=READERS)
    told = asked.parse_args()
    print(json.dumps(READERS[told.tool](told.extract)))
