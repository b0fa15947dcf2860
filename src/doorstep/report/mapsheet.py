"""Map sheet: what an extract holds for every mode, as a document for programs and as tables for people."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from doorstep.network.layers import Layers
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Group, RenderableType

    from doorstep.network.graph.edges import Edges
    from doorstep.network.network import Network

MOVERS = {
    Medium.ROAD: "vans",
    Medium.CYCLE: "cargo bikes",
    Medium.PATH: "robots",
    Medium.FOOT: "walkers",
}
LEGEND = (
    "speed: mean of motor traffic on empty streets; cut off: cannot be reached and left again, and so not used; doors "
    "there: nearer to such streets than to any that is used\n"
)


def map_document(name: str, network: Network) -> dict[str, Any]:
    """Return what a map holds: area, layers with lengths and parts, doors, lockers, and every note of reading it."""
    west, south, east, north = network.extent_m
    streets = [medium for medium in network.layers if medium != Medium.AIR]
    layers, told = zip(*(_layer(network, medium) for medium in streets), strict=True)
    corners = network.unproject(np.array([[west, south], [east, north]]))
    return {
        "schema": "doorstep/map/1",
        "map": name,
        "origin": network.origin,
        "crs": network.crs,
        "bounds": np.round(corners.ravel(), 5).tolist(),
        "area_km2": round((east - west) * (north - south) / 1e6, 3),
        "layers": list(layers),
        "doors": {
            "count": len(network.doors.flat),
            "flats": int(network.doors.flat.sum()),
            "homes": round(float(network.doors.homes.sum())),
        },
        "lockers": np.round(network.unproject(network.lockers_m), 6).tolist(),
        "notes": list(dict.fromkeys([*network.notes, *chain.from_iterable(told)])),
    }


def map_tables(document: dict[str, Any]) -> Group:
    """Return the document of a map as people read it."""
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from doorstep.report.tables import bullet

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("layer")
    table.add_column("for")
    for column in ("km", "one-way", "speed", "cut off", "doors there"):
        table.add_column(column, justify="right")
    for layer in document["layers"]:
        speed = (
            f"{layer['free_speed_kmh']:.0f} km/h" if layer["free_speed_kmh"] else "its own" if layer["edges"] else "-"
        )
        shares = f"{layer['length_km']:,.1f}", f"{100 * layer['one_way_share']:.0f} %"
        parts, lost_km = layer["left_out_parts"], layer["left_out_km"]
        lost = f"{parts:,} {'part' if parts == 1 else 'parts'}, {lost_km:,.1f} km" if parts else "-"
        doors = f"{layer['left_out_doors']:,}" if layer["left_out_doors"] else "-"
        table.add_row(layer["layer"], MOVERS[Medium(layer["layer"])], *shares, speed, lost, doors)
    west, south, east, north = document["bounds"]
    span = f"longitudes {west:g} to {east:g}, latitudes {south:g} to {north:g}"
    counts, lockers = document["doors"], len(document["lockers"])
    behind = f"{counts['count']:,} doors, {counts['flats']:,} of them in blocks of flats; {counts['homes']:,} homes"
    told: list[RenderableType] = [
        Text(document["origin"], style="bold"),
        f"{document['area_km2']:,.1f} km², {span}; metres in {document['crs']}",
        table,
        Text(LEGEND, style="dim"),
        f"{behind}; {lockers or 'no'} parcel {'locker' if lockers == 1 else 'lockers'} on the map",
        Text("\nWhat was repaired or taken for granted", style="bold"),
    ]
    for heading, notes in _by_subject(document["notes"]):
        told += [*([Text(heading, style="underline")] if heading else []), *map(bullet, notes)]
    return Group(*told)


def _by_subject(notes: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield notes on the whole map, and under a heading those on turns and on each layer, without what it says."""
    subjects = {"": "", "turns": "turns"} | {str(medium): f"{medium}, for {mover}" for medium, mover in MOVERS.items()}
    found: dict[str, list[str]] = {subject: [] for subject in subjects}
    for note in notes:
        subject, _, rest = note.partition(": ")
        if subject in found and rest:
            found[subject].append(rest)
        else:
            found[""].append(note)
    for subject, some in found.items():
        if some:
            yield subjects[subject], some


def _layer(network: Network, medium: Medium) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what is told of one layer, which is not kept for that, and its notes.

    Its speed is the mean of free motor traffic by length, where it has any. Doors count as left out where the street
    nearest to them is.
    """
    layers = network.layers
    streets: Any = layers.fleeting(medium) if isinstance(layers, Layers) else layers[medium]
    edges: Edges = streets.edges
    step_m = np.bincount(edges.speed, edges.step_m, minlength=len(edges.speed_mps))
    speed_mps = edges.speed_mps.min(axis=1)
    driven = np.isfinite(speed_mps)
    total_m = float(edges.length_m.sum())
    hours = float((step_m[driven] / speed_mps[driven]).sum()) / 3600
    document = {
        "layer": str(medium),
        "length_km": round(total_m / 1000, 3),
        "junctions": edges.junctions,
        "edges": len(edges.tail),
        "one_way_share": round(float(edges.length_m[~edges.allowed.all(axis=1)].sum()) / total_m, 4)
        if total_m
        else 0.0,
        "free_speed_kmh": round(float(step_m[driven].sum()) / 1000 / hours, 1) if hours else None,
        "left_out_parts": streets.left_out_parts,
        "left_out_km": round(streets.left_out_m / 1000, 3),
        "left_out_doors": int(streets.cut_off(network.doors.xy_m).sum()),
        "limited_km": round(float(edges.length_m[edges.limited.any(axis=1)].sum()) / 1000, 3),
        "forbidden_turns": len(edges.bans),
    }
    return document, streets.notes
