"""The times of a VROOM file, counted from its first where they are moments such as seconds since 1970."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from doorstep.planning.problem import FAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    Document = dict[str, Any]


def tasks_of(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield every job, pickup and delivery, and what to call it."""
    yield from (("jobs", job) for job in document.get("jobs", []))
    for shipment in document.get("shipments", []):
        yield from (("pickups", shipment["pickup"]), ("deliveries", shipment["delivery"]))


def origin_of(document: Document, longest: int) -> int:
    """Return the moment to count times from: 0, or the first of the file where that is large.

    A vehicle without hours may do all other tasks before that, legs being at most the `longest` of the matrices.
    """
    tasks, crew = [task for _, task in tasks_of(document)], document.get("vehicles", [])
    windows = [window for task in tasks for window in task.get("time_windows", [])]
    hours = [vehicle["time_window"] for vehicle in crew if "time_window" in vehicle]
    first: int = min((begin for begin, _ in windows + hours), default=0)
    if first < FAR:
        return 0
    if len(hours) == len(crew):
        return first
    slowest = min(float(vehicle.get("speed_factor", 1)) for vehicle in crew)
    leg = min(FAR, math.ceil(longest / max(slowest, 1 / FAR)))
    work: int = sum(task.get("setup", 0) + task.get("service", 0) for task in tasks)
    return max(0, first - work - leg * (len(tasks) + 1))


def counted_from(origin: int, table: Document) -> Document:
    """Return a document, or a part of it, with all its windows counted from a moment."""
    return {key: _counted(origin, key, value) for key, value in table.items()} if origin else table


def _counted(origin: int, key: str, value: Any) -> Any:
    if key == "time_window":
        return [moment - origin for moment in value]
    if key == "time_windows":
        return [[moment - origin for moment in window] for window in value]
    if key in {"jobs", "shipments", "vehicles"}:
        return [counted_from(origin, item) for item in value]
    return counted_from(origin, value) if key in {"pickup", "delivery"} and isinstance(value, dict) else value
