"""Streetdoors: street corners that stand for houses, on maps without buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.network.counting import counted
from doorstep.network.network import Doors, Medium

if TYPE_CHECKING:
    from doorstep.network.ways import StreetTable

DOORS_PER_KM = 1.0
"""Where a map has fewer for each kilometre of its streets, its buildings are not mapped (estimate)."""


def with_street_doors(doors: Doors, table: StreetTable) -> tuple[Doors, list[str]]:
    """Return doors as they are, or on a map that hardly has any, also one at every node of a street that has houses.

    Such streets are those where people walk and vans drive: never motorways.
    """
    from doorstep.network.graph.chains import measure_runs

    driven, walked = (np.asarray(table.allowed[medium].any(axis=1)) for medium in (Medium.ROAD, Medium.FOOT))
    lived = (driven & walked)[table.kind]
    here = np.repeat(lived, np.diff(table.first))
    node = table.node.astype(np.int32, copy=False)
    length_km = measure_runs(table.first, node, table.xy_m)[lived].sum() / 1000
    if len(doors.flat) >= DOORS_PER_KM * length_km and len(doors.flat):
        return doors, []
    used = np.zeros(len(table.xy_m), bool)
    used[node[here]] = True
    corners = table.xy_m[used]
    grown = Doors(
        np.concatenate([doors.xy_m, corners]),
        np.concatenate([doors.flat, np.zeros(len(corners), bool)]),
        np.concatenate([doors.homes, np.ones(len(corners))]),
    )
    if not len(corners):
        return grown, ["no doors are mapped, nor streets that might have some"] if not len(doors.flat) else []
    few = f"only {counted(len(doors.flat), 'door is', 'doors are')}" if len(doors.flat) else "no doors are"
    stand = counted(len(corners), "street corner or bend stands", "street corners and bends stand")
    return grown, [f"{few} mapped along {length_km:.1f} km of streets; {stand} for houses"]
