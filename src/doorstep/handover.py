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
    """Set down in a garden or yard from the air, or let down there on a tether by an aircraft that hovers meanwhile."""
    LOCKER = "locker"
    """Left in a compartment of a parcel locker, by somebody who opens it."""
    KIOSK = "kiosk"
    """Taken in and put into a compartment by a bank that does that itself, or by its keeper."""


BANKS = (Handover.LOCKER, Handover.KIOSK)
"""Kinds of handover at a bank of compartments, from which customers fetch."""


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
