"""Handover and Size: the words that orders, modes and lockers share."""

from __future__ import annotations

from enum import StrEnum


class Handover(StrEnum):
    """How a parcel changes hands."""

    DOOR = "door"
    """Carried to the customer's door, stairs included."""
    KERB = "kerb"
    """The customer comes out to the vehicle at the kerb."""
    YARD = "yard"
    """Set down in a garden or yard, from the air."""
    LOCKER = "locker"
    """Left in a compartment of a parcel locker."""


class Size(StrEnum):
    """Size class of a parcel, and of the compartment that takes it; each fits in the next."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"

    @property
    def rank(self) -> int:
        """Position of the size, S being 0."""
        return ["S", "M", "L", "XL"].index(self.value)
