"""Traffic: what the streets' slowness by the hour is, as a scenario file asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorstep.errors import InputError
from doorstep.modes.mode import Value
from doorstep.scenario.inherit import is_file, is_table, missing_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorstep.errors import Fault
    from doorstep.network.network import Network
    from doorstep.network.traffic import Traffic
    from doorstep.scenario.case import Case

LOC = ("network", "traffic")


@dataclass(frozen=True, slots=True)
class Slowness:
    """Travel time on streets by that at free flow."""

    factor: float = 1.0
    """At all hours, where `traffic` is None."""
    traffic: Traffic | None = None
    values: tuple[Value, ...] = ()
    """The numbers that a profile rests on."""
    notes: tuple[str, ...] = ()


def slowness_of(case: Case, network: Network) -> tuple[Slowness, list[Fault]]:
    """Return what a file says of traffic, and what is wrong with the table that it names.

    A profile that is the same at all hours and on all streets is one factor. Names that no profile has are told by the
    checks.
    """
    from doorstep.network.hours.trafficfile import read_traffic
    from doorstep.network.traffic import load_traffic, traffic_names

    given = case.tables.network.traffic
    if isinstance(given, float):
        return Slowness(given), []
    if not is_table(given):
        return (_slowness(load_traffic(given), profile=given) if given in traffic_names() else Slowness()), []
    node = case.root.at(LOC)
    if node is not None and not is_file(given):
        folder = Path(node.mark.file).parent
        return Slowness(), [case.told_from(missing_file(given, folder, ".".join(LOC), node.mark))]
    try:
        return _slowness(read_traffic(Path(given), network)), []
    except InputError as error:
        return Slowness(), [case.adopt(fault, LOC) for fault in error.faults]


def _slowness(traffic: Traffic, profile: str = "") -> Slowness:
    values = tuple(_values(profile)) if profile else ()
    factor = traffic.factor
    if traffic.street is None and factor.min() == factor.max():
        same = f"traffic: {traffic.name} has the same factor, {factor[0, 0]:.3g}, for all streets at all hours"
        return Slowness(float(factor[0, 0]), None, values, () if profile else (same,))
    told = f"traffic by the hour: {traffic.name}, on streets {factor.min():.3g} to {factor.max():.3g} times free flow"
    return Slowness(1.0, traffic, values, (told, *(f"traffic {traffic.name}: {note}" for note in traffic.notes)))


def _values(profile: str) -> Iterator[Value]:
    """Yield the numbers that a profile rests on as readers of a study see them."""
    from doorstep.network.traffic import traffic_facts

    for key, fact in traffic_facts(profile).items():
        if amount := _amount(fact):
            source, estimate, note = (str(fact.get(part, "")) for part in ("source", "estimate", "note"))
            yield Value(".".join((*LOC, key)), amount, str(fact.get("unit", "")), source, estimate, note)


def _amount(fact: dict[str, Any]) -> float | str:
    if "values" in fact:
        return ", ".join(f"{value:g}" for value in fact["values"])
    return float(fact["value"]) if "value" in fact else str(fact.get("of", ""))
