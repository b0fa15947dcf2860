"""Demo: the words around the two shipped scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from doorstep.report.reading import sentences
from doorstep.report.tables import comparison, remarks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType


def opening() -> Text:
    """Return what is about to happen."""
    return Text(
        "Two places, one day's orders each; couriers, drones, robots, lockers and a mix of them are planned for the "
        "same orders on the same streets, and compared. To be quick, the demo looks less hard for plans than `run` "
        "does.\n",
    )


def telling(document: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Yield one scenario: what it asks, the comparison, what it says, and what it rests on."""
    yield Text(" ".join(document["description"].split()), style="italic")
    yield ""
    yield from comparison(document, width)
    yield ""
    yield from map(Text, sentences(document))
    yield ""
    yield from remarks(document, brief=True)
    yield ""


def closing() -> Text:
    """Return where to go from here."""
    return Text(
        "Real: the streets, buildings and addresses, and every number with a published source. Not real: the orders, "
        "which are drawn at random at real doors, and the estimates, each with its reason in `doorstep modes NAME`.\n"
        "Next: doorstep run rural --out study · doorstep new mine.yaml --extract CITY.osm.pbf --orders 200 --seed 1",
    )
