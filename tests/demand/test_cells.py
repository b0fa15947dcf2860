"""What the cells of a table of orders mean."""

from __future__ import annotations

import pytest

from doorstep.demand import cells
from doorstep.demand.order import Dwelling
from doorstep.handover import Handover, Size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("07:30", 27_000),
        ("7:30", 27_000),
        ("07:30:15", 27_015),
        ("24:00", 86_400),
        ("-1 18:30", 66_600 - 86_400),
        ("+1 02:00", 93_600),
        ("27000", 27_000),
        ("-6000.5", -6000.5),
    ],
)
def test_clock(text: str, seconds: float) -> None:
    """Clock times of this day, the day before and the day after, and plain seconds, are seconds since midnight."""
    assert cells.clock(text) == seconds


@pytest.mark.parametrize(
    "text", ["7.30h", "49:00", "7", "99999999", "07:60", "18:30 -1", "noon", "nan", "", "\uff107:30"]
)
def test_no_clock(text: str) -> None:
    """What is no clock time is refused with a mend."""
    with pytest.raises(cells.MisfitError) as caught:
        cells.clock(text)
    assert caught.value.fix


def test_numbers() -> None:
    """Numbers must be finite, masses above zero and lengths not below it."""
    assert cells.number("-2.5") == -2.5
    assert cells.not_negative("0") == 0
    for reads, text in (
        (cells.number, "inf"),
        (cells.number, "5 kg"),
        (cells.positive, "0"),
        (cells.not_negative, "-1"),
    ):
        with pytest.raises(cells.MisfitError):
            reads(text)


def test_decimal_comma() -> None:
    """A decimal comma is answered with a decimal point."""
    with pytest.raises(cells.MisfitError) as caught:
        cells.number("2,5")
    assert "decimal point" in caught.value.fix


def test_words() -> None:
    """Words count in capitals or not, near misses are named, and far ones get the list."""
    assert cells.word("Flat", Dwelling) is Dwelling.FLAT
    assert cells.word("xl", Size) is Size.XL
    with pytest.raises(cells.MisfitError) as caught:
        cells.word("hause", Dwelling)
    assert caught.value.fix == "did you mean 'house'?"
    with pytest.raises(cells.MisfitError) as caught:
        cells.word("castle", Dwelling)
    assert caught.value.fix == "known: house, flat"


def test_kinds() -> None:
    """Handover kinds may be separated by semicolons, commas, bars or spaces."""
    for text in ("door;kerb", "door, kerb", "door|kerb", "DOOR kerb"):
        assert cells.kinds(text) == {Handover.DOOR, Handover.KERB}
    with pytest.raises(cells.MisfitError):
        cells.kinds("door;krb")


def test_truth() -> None:
    """Yes and no are known by their usual spellings and by nothing else."""
    assert [cells.truth(text) for text in ("yes", "TRUE", "1", "no", "n", "0")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(cells.MisfitError):
        cells.truth("maybe")


@pytest.mark.parametrize("text", ["1_0", "\uff11\uff12", "١٢", "1\u00a0000"])
def test_numbers_are_written_in_plain_digits(text: str) -> None:
    """Underscores and digits of other scripts, which Python would read, are no numbers."""
    with pytest.raises(cells.MisfitError) as caught:
        cells.number(text)
    assert "digits 0 to 9" in caught.value.fix
