"""Models: the energy models by the key that a mode's file calls them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from doorstep.modes.energy import Energy
from doorstep.modes.rotors import DAndrea, Momentum, Rodrigues
from doorstep.modes.wheels import Constant, Rolling
from doorstep.modes.wings import Winged
from doorstep.network.network import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorstep.modes.energy import EnergyModel
    from doorstep.modes.entries import Reading

MODELS: Mapping[str, Callable[..., EnergyModel]] = MappingProxyType(
    {
        "constant": Constant,
        "dandrea": DAndrea,
        "rodrigues": Rodrigues,
        "momentum": Momentum,
        "winged": Winged,
        "rolling": Rolling,
    }
)
"""Each takes the values of its table in `modes/layout.py` in their order there."""
_FLYING = frozenset({"dandrea", "rodrigues", "momentum", "winged"})


def suits(key: str, medium: Medium) -> bool:
    """Tell whether a model is one of vehicles that move so."""
    return key == "constant" or (key in _FLYING) == (medium == Medium.AIR)


def models_in(read: Mapping[str, Reading]) -> dict[str, dict[str, float]]:
    """Return the values of each model that a file gives, in its order."""
    found: dict[str, dict[str, float]] = {}
    for path, reading in read.items():
        if path.startswith("energy."):
            _, key, value = path.split(".")
            found.setdefault(key, {})[value] = reading.number
    return found


def energy_of(read: Mapping[str, Reading], tables: Mapping[str, object]) -> Energy:
    """Return the models of a file whose values have been read; `tables` holds the keys of each in order."""
    from doorstep.modes.entries import Table

    models = {}
    for key, values in models_in(read).items():
        table = tables[key]
        order = table.entries if isinstance(table, Table) else ()
        models[key] = MODELS[key](*(values[name] for name in order))
    return Energy(str(read["energy_model"].amount), MappingProxyType(models))
