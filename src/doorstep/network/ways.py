"""StreetTable: the ways of a map as arrays, before any medium is asked what it may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from doorstep.network.network import Medium


@dataclass(frozen=True, slots=True)
class StreetTable:
    """Ways as runs of nodes, and what each medium may do on them."""

    xy_m: NDArray[np.float64]
    """[nodes, 2] metres."""
    first: NDArray[np.int64]
    """[ways + 1] where the nodes of each way begin in `node`."""
    node: NDArray[np.int64]
    """[k] rows of `xy_m`, way by way."""
    allowed: Mapping[Medium, NDArray[np.bool_]]
    """[ways, 2] forward and backward, for each medium that moves on streets."""
    free_speed_mps: NDArray[np.float64]
    """[ways, 2] of motor traffic on an empty street, forward and backward; infinite where there is none."""
    blocked: Mapping[Medium, NDArray[np.bool_]] = field(default_factory=dict)
    """[nodes] where a barrier stands that the medium cannot pass."""
