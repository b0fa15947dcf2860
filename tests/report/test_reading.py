"""Tests of what a comparison says in sentences."""

from __future__ import annotations

from typing import Any

from doorstep.report.reading import sentences


def card(name: str, total: float, served: int, p50: float, reach: float = 1.0, **vehicles: int) -> dict[str, Any]:
    return {
        "name": name,
        "orders": 100,
        "served": served,
        "unserved": 0,
        "cost": {"total": total, "per_delivered": total / served if served else None, "unserved_penalty": 0.0},
        "latency_min": {"p50": p50, "p95": 2 * p50} if served else {},
        "reach_share": reach,
        "vehicles": vehicles,
        "distance_km": dict.fromkeys(vehicles, 10.0),
    }


def told(*cards: dict[str, Any]) -> str:
    return "\n".join(sentences({"currency": "EUR", "configurations": list(cards)}))


def test_a_human_may_win() -> None:
    """Where the courier is cheapest the reading says that the human courier wins on cost."""
    text = told(card("courier", 200, 100, 60, van=2), card("drone", 400, 100, 30, 0.8, quadcopter=4))
    assert "Cheapest: courier, EUR 200.00 a day, 2.00 a parcel, with 2 x van. The human courier wins on cost." in text
    assert "Quickest: drone, half of the orders within 30 min" in text
    assert "courier needs 60 min for half of them" in text
    assert "drone 80 %" in text


def test_a_human_may_lose() -> None:
    """Where another is cheapest the reading says by how much, and what the human's vans did."""
    text = told(card("courier", 200, 100, 60, van=2), card("locker", 150, 100, 40, van=1))
    assert (
        "Cheapest: locker, EUR 150.00 a day, 1.50 a parcel, with 1 x van; 25 % less than courier (200.00 a day)."
        in text
    )
    assert "100 of 100 orders with 2 x van over 10 km, at EUR 2.00 a parcel" in text


def test_leaving_orders_out_does_not_make_cheap() -> None:
    """Orders left out count at their price when the cheapest is looked for."""
    lazy = card("lazy", 10, 10, 60, van=1)
    lazy["cost"]["unserved_penalty"] = 900.0
    lazy["unserved"] = 90
    assert "Cheapest: courier" in told(lazy, card("courier", 200, 100, 60, van=2))
    assert "910.00 a day with the price of 90 left out" in told(lazy)


def test_nothing_delivered_is_said() -> None:
    """Where no configuration delivers anything the reading says so."""
    assert "No configuration delivers anything" in told(card("courier", 0, 0, 0))


def test_long_waits_are_told_in_hours() -> None:
    """A wait of more than two hours is told in hours and minutes."""
    assert "within 20 h 5 min" in told(card("courier", 200, 100, 1205, van=2))


def test_days_of_returns_alone_have_no_quickest() -> None:
    """Where nothing is brought nobody is quickest, and where only one brings anything it is that one."""
    fetching = {**card("fetching", 100, 10, 60, van=1), "latency_min": {}}
    assert "Quickest" not in told(fetching)
    assert "Quickest: drone" in told({**fetching, "name": "courier"}, card("drone", 200, 10, 50, quadcopter=1))


def test_in_hand_may_be_another_than_in_the_locker() -> None:
    """A locker that is filled first and emptied late is quickest, and who hands over in person soonest in hand."""
    locker = {**card("locker", 150, 100, 40, van=1), "collected_min": {"p50": 900.0}}
    courier = {**card("courier", 200, 100, 60, van=2), "collected_min": {"p50": 60.0}}
    text = told(locker, courier)
    assert "Quickest: locker" in text
    assert "hands soonest, what they fetch from lockers included: courier, half within 60 min." in text
