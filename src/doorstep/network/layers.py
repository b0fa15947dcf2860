"""Layers: one for each medium, laid when it is first asked for, as most questions are about one or two of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from doorstep.network.network import Medium
from doorstep.network.sky import Sky

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from doorstep.network.network import Layer


_OPEN_SKY = Sky()


class Layers(Mapping[Medium, "Layer"]):
    """The layers of a map by medium: the sky, by default as it is everywhere, and streets as they are laid."""

    def __init__(self, media: Iterable[Medium], lay: Callable[[Medium], Layer], sky: Sky | None = None) -> None:
        """Keep how the streets of each medium are laid, until all of them are."""
        self._lay: Callable[[Medium], Layer] | None = lay
        self._laid: dict[Medium, Layer | None] = {**dict.fromkeys((Medium.AIR, *media)), Medium.AIR: sky or _OPEN_SKY}

    def __getitem__(self, medium: Medium) -> Layer:
        """Return a layer, laid now if nobody asked for it before."""
        layer = self._laid[medium] = self.fleeting(medium)
        if None not in self._laid.values():
            self._lay = None  # and with it goes, but for who else has it, the table of all ways
        return layer

    def fleeting(self, medium: Medium) -> Layer:
        """Return a layer, laid without being kept if it is not yet: large maps have hardly room for all of them."""
        lay, layer = self._lay, self._laid[medium]  # in this order, as another thread may lay the last one
        if layer is None and lay is not None:
            layer = lay(Medium(medium))
        assert layer is not None  # noqa: S101  # for the type checker
        return layer

    def __contains__(self, medium: object) -> bool:
        """Tell whether there is such a layer, without laying it."""
        return medium in self._laid

    def __iter__(self) -> Iterator[Medium]:
        """Go through the media."""
        return iter(self._laid)

    def __len__(self) -> int:
        """Return how many media there are."""
        return len(self._laid)
