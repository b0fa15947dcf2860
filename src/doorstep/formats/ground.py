"""Ground: nodes, ways and clocks of a VRPLIB file, in the whole numbers that its rounding makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstep.formats.instance import FACTORS, Rounding
from doorstep.formats.tabling import LATEST
from doorstep.formats.weights import best_factor, flat_table, oddities, rounded, spread
from doorstep.planning.problem import FAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstep.formats.vrplib import VrpText

    Ints = NDArray[np.int64]

METRICS = ("EUC_2D", "CEIL_2D", "EXPLICIT")


class Ground:
    """Sites are the depots in their order and then the customers in theirs; nodes count from 1 as in the file."""

    def __init__(self, text: VrpText, nodes: int, rounding: Rounding) -> None:
        self.text, self.sheet, self.nodes, self.rounding = text, text.sheet, nodes, rounding
        self.notes: list[str] = []
        depots = text.depots(nodes)
        if not text.has("DEPOT_SECTION"):
            self.notes.append("no DEPOT_SECTION: node 1 is taken for the depot")
        kept = np.ones(nodes, bool)
        kept[np.array(depots) - 1] = False
        self.depots = np.array(depots, np.int64)
        self.customers = np.flatnonzero(kept) + 1
        self.sites = np.concatenate([self.depots, self.customers])
        self.site_of = np.zeros(nodes + 1, np.int64)
        self.site_of[self.sites] = np.arange(nodes)
        self.factor = FACTORS[rounding]
        """Units of the tables in one unit of the file."""
        self.xy, self.table = self._ways()

    def whole(self, values: NDArray[np.float64]) -> Ints:
        """Return times or prizes of the file in units of the tables."""
        scaled = rounded(np.clip(values, -LATEST / self.factor, LATEST / self.factor), self.rounding, self.factor)
        return np.minimum(scaled, LATEST).astype(np.int64)

    def times(self, section: str) -> Ints:
        """Return a section's value for each customer; 0 where the file does not have it."""
        if not self.text.has(section):
            return np.zeros(len(self.customers), np.int64)
        values = self.text.table(section, self.nodes)[self.customers - 1, 0]
        if (values < 0).any():
            node = int(self.customers[np.argmin(values)])
            self.sheet.fault(self.text.sections[section][0], f"{section}: node {node} is negative", code="negative")
        return self.whole(values)

    def windows(self) -> Ints:
        """Return when service may begin at each site [sites, 2]."""
        windows = np.tile(np.array([0, LATEST], np.int64), (self.nodes, 1))
        if self.text.has("TIME_WINDOW_SECTION"):
            table = self.text.table("TIME_WINDOW_SECTION", self.nodes)[self.sites - 1]
            for site in np.flatnonzero(table[:, 0] > table[:, 1]):
                what = f"TIME_WINDOW_SECTION: node {self.sites[site]} closes before it opens"
                self.sheet.fault(self.text.sections["TIME_WINDOW_SECTION"][0], what, code="window")
            windows = self.whole(table)
        return windows

    def _ways(self) -> tuple[NDArray[np.float64] | None, NDArray[np.int32]]:
        """Return coordinates and table of the sites."""
        metric = self.text.text("EDGE_WEIGHT_TYPE").upper()
        xy = self.text.table("NODE_COORD_SECTION", self.nodes) if self.text.has("NODE_COORD_SECTION") else None
        if self.text.has("DISPLAY_DATA_SECTION"):
            shown = self.text.table("DISPLAY_DATA_SECTION", self.nodes)
            xy = shown if xy is None else xy
        if metric not in METRICS:
            line = self.text.keys.get("EDGE_WEIGHT_TYPE", (0, ""))[0]
            what = f"EDGE_WEIGHT_TYPE '{metric}' is not known" if metric else "EDGE_WEIGHT_TYPE is missing"
            self.sheet.fault(line, what, f"one of {', '.join(METRICS)}", "unknown-metric", metric)
        elif metric != "EXPLICIT" and not self.text.has("NODE_COORD_SECTION"):
            self.sheet.fault(0, f"{metric} needs a NODE_COORD_SECTION", "or is the file cut off?", "missing")
        elif metric != "EXPLICIT" and self.text.has("EDGE_WEIGHT_SECTION"):
            head = self.text.sections["EDGE_WEIGHT_SECTION"][0]
            self.sheet.fault(
                head, f"{metric} and a matrix too", "say EXPLICIT, or leave the matrix out", "contradiction"
            )
        matrix = self.text.matrix(self.nodes) if metric == "EXPLICIT" else None
        if self.sheet.faults:
            return None, np.zeros((1, 1), np.int32)  # which nobody looks at: the faults are told first
        if metric == "CEIL_2D" and self.rounding == Rounding.NEAREST:
            self.rounding = Rounding.CEIL
        xy = None if xy is None else xy[self.sites - 1]
        if matrix is not None:
            matrix = matrix[np.ix_(self.sites - 1, self.sites - 1)]
            return xy, self._from_matrix(matrix)
        assert xy is not None  # noqa: S101 - a fault otherwise
        longest = spread(xy)
        self.factor = best_factor(self.rounding, longest)
        if longest * self.factor >= FAR:
            what = f"lengths up to {longest:.6g} in parts of {self.factor} are more than {FAR - 1}"
            self.sheet.fault(0, what, "choose another --rounding", "beyond-measure")
            return None, np.zeros((1, 1), np.int32)
        return xy, flat_table(xy, self.rounding, self.factor)

    def _from_matrix(self, matrix: NDArray[np.float64]) -> NDArray[np.int32]:
        """Return a matrix of the file as a table; whole numbers stay as they are."""
        longest = float(matrix.max(initial=0))
        if np.all(matrix == np.rint(matrix)) and self.rounding in {Rounding.NONE, Rounding.NEAREST, Rounding.CEIL}:
            self.rounding, self.factor = Rounding.NEAREST, 1
        else:
            if self.rounding == Rounding.NONE:
                self.rounding = Rounding.X1000
            self.factor = best_factor(self.rounding, longest)
            self.notes.append(f"lengths of the matrix are made whole: {self.rounding.value}")
        lost = matrix * self.factor >= FAR
        if lost.any():
            self.notes.append(f"{int(lost.sum())} lengths of {FAR} or more are taken for `no way`")
        table = np.where(lost, FAR, rounded(np.where(lost, 0, matrix), self.rounding, self.factor)).astype(np.int32)
        if np.diagonal(table).any():
            self.notes.append("the matrix has lengths from a place to itself: they are left out")
            table[np.diag_indices(len(table))] = 0
        self.notes += oddities(table)
        return table
