"""Quantities as people write them."""

from __future__ import annotations

import pytest

from doorstep.scenario.quantity import DURATION, LENGTH, SPEED, MisfitError, Scale, amount_and_unit, clock, measured


@pytest.mark.parametrize(
    ("written", "scale", "inside"),
    [
        ("30 min", DURATION, 1800.0),
        ("4 h", DURATION, 14400.0),
        ("1.5h", DURATION, 5400.0),
        ("250 m", LENGTH, 250.0),
        ("13 km", LENGTH, 13000.0),
        ("18 km/h", SPEED, 5.0),
        ("2 m/s", SPEED, 2.0),
    ],
)
def test_quantity_is_kept_in_si(written: object, scale: Scale, inside: float) -> None:
    """A quantity with a known unit is kept in seconds, metres or metres a second."""
    assert measured(written, scale) == pytest.approx(inside)


@pytest.mark.parametrize(
    ("written", "scale", "fix"),
    [
        ("17,50 km", LENGTH, "use a decimal point: 17.50 km"),
        ("30 hours", DURATION, "did you mean '30 h'?"),
        ("30 parsecs", LENGTH, "use one of: m, km"),
        (30, DURATION, "30 min"),
        ("-3 km", LENGTH, "zero or more"),
        ("1e30 km", LENGTH, "write the number without one"),
        ("2E-3 m", LENGTH, "write the number without one"),
        ("\uff13 km", LENGTH, "250 m"),
        (None, LENGTH, "250 m"),
        ("soon", DURATION, "30 min"),
        (True, DURATION, "30 min"),
    ],
)
def test_misfit_says_what_would_mend_it(written: object, scale: Scale, fix: str) -> None:
    """Whatever is no such quantity is refused with a mend."""
    with pytest.raises(MisfitError) as caught:
        measured(written, scale)
    assert fix in caught.value.fix


def test_clock_times_are_seconds_since_midnight() -> None:
    """Clock times count from the scenario's midnight to the end of the next day."""
    assert [clock("07:30"), clock("00:00:05"), clock("25:00"), clock("48:00")] == [27000, 5, 90000, 172800]


@pytest.mark.parametrize(("written", "fix"), [("7pm", "19:00"), ("7.30", "07:30"), (7, "07:00"), ("49:00", "48:00")])
def test_clock_misfit_offers_the_time_meant(written: object, fix: str) -> None:
    """A time in another notation is refused with the same time as it should be written."""
    with pytest.raises(MisfitError) as caught:
        clock(written)
    assert fix in caught.value.fix


def test_amount_and_unit_are_told_apart() -> None:
    """A reader sees number and unit apart, and text as it is."""
    assert amount_and_unit("13 km") == (13, "km")
    assert amount_and_unit("07:30") == ("07:30", "clock")
    assert amount_and_unit("300 m, 500 m") == ("300 m, 500 m", "")
    assert amount_and_unit(1.44) == (1.44, "")
