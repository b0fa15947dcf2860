"""Reading: what a comparison says, in a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorstep.report.words import minutes, money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Card = Mapping[str, Any]


def sentences(document: Mapping[str, Any], courier: str = "courier") -> Iterator[str]:
    """Yield who was cheapest and who quickest, how a human courier compares, and how far each mode reaches."""
    cards = [card for card in document["configurations"] if card["served"]]
    if not cards:
        yield "No configuration delivers anything; the table of unserved orders says why."
        return
    currency = document["currency"]
    human = next((card for card in cards if card["name"] == courier), None)
    cheapest = min(cards, key=_burden)
    yield _cheapest(cheapest, human, currency)
    bringing = [card for card in cards if card["latency_min"]]
    if bringing:
        quickest = min(bringing, key=lambda card: float(card["latency_min"]["p50"]))
        yield _quickest(quickest, human if human in bringing else None)
        yield from _in_hand(bringing, quickest)
    if human is not None and human is not cheapest:
        yield _human(human, currency)
    yield from _reach(cards)


def _burden(card: Card) -> float:
    """Return the cost of a day with the orders left out at their price, so that leaving out does not pay."""
    return float(card["cost"]["total"] + card["cost"]["unserved_penalty"])


def _cheapest(cheapest: Card, human: Card | None, currency: str) -> str:
    words = f"Cheapest: {_named(cheapest)}, {currency} {money(_burden(cheapest))} a day{_left(cheapest)}"
    words += f", {money(cheapest['cost']['per_delivered'])} a parcel, with {_fleet(cheapest)}"
    if human is None or human is cheapest:
        return f"{words}{'. The human courier wins on cost' if human is cheapest else ''}."
    saved = 1 - _burden(cheapest) / _burden(human)
    return f"{words}; {100 * saved:.0f} % less than {_named(human)} ({money(_burden(human))} a day{_left(human)})."


def _fleet(card: Card) -> str:
    return " and ".join(f"{count} x {mode}" for mode, count in card["vehicles"].items() if count)


def _left(card: Card) -> str:
    """Return a word on the orders that are left out, whose price is in the burden."""
    return f" with the price of {card['unserved']} left out" if card["unserved"] else ""


def _quickest(quickest: Card, human: Card | None) -> str:
    words = (
        f"Quickest: {_named(quickest)}, half of the orders within {minutes(quickest['latency_min']['p50'])} "
        f"and 95 % within {minutes(quickest['latency_min']['p95'])} of ordering"
    )
    if human is None or human is quickest:
        return f"{words}."
    return f"{words}; {_named(human)} needs {minutes(human['latency_min']['p50'])} for half of them."


def _in_hand(cards: Sequence[Card], quickest: Card) -> Iterator[str]:
    """Yield who is quickest until customers have it in their hands, where that is somebody else."""
    known = [card for card in cards if card.get("collected_min")]
    first = min(known, key=lambda card: float(card["collected_min"]["p50"]), default=quickest)
    if first is not quickest:
        half = minutes(first["collected_min"]["p50"])
        words = "In customers' hands soonest, what they fetch from lockers included"
        yield f"{words}: {_named(first)}, half within {half}."


def _human(human: Card, currency: str) -> str:
    km = sum(human["distance_km"].values())
    return (
        f"A person at the wheel: {human['served']} of {human['orders']} orders with {_fleet(human)} over {km:,.0f} km, "
        f"at {currency} {money(human['cost']['per_delivered'])} a parcel."
    )


def _reach(cards: Sequence[Card]) -> Iterator[str]:
    partial = [card for card in cards if card["reach_share"] is not None and card["reach_share"] < 1]
    if partial:
        shares = ", ".join(f"{_named(card)} {100 * card['reach_share']:.0f} %" for card in partial)
        yield f"Reached without the courier in reserve: {shares}; the reserve carries the rest, at its cost."


def _named(card: Card) -> str:
    return str(card["name"])
