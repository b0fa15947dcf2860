"""Pbfbits: what the keys of a PBF are to us, as bits that compiled loops can test."""

from __future__ import annotations

STREET, BUILDING, ADDRESS, AMENITY, BARRIER = 1, 2, 4, 8, 16
"""Bits of keys that make an object worth keeping."""
STREET_TAG, DOOR_TAG, NODE_TAG = 32, 64, 128
"""Bits of keys that are kept: of streets, of other ways, and of nodes."""
TURN, FERRY = 256, 512
"""Bits of keys that make a relation a turn restriction, and a way without a street a ferry."""
GRADE, PLAIN = 1024, 2048
"""Bits of keys of which most values are plain, that is, change nothing, and of those values: such tags are left out."""
LOCKER = 4096
"""Bit of values of `amenity` that may be lockers; nodes of other ones are not kept."""
NOWHERE = 2**31 - 1
"""Coordinate of nodes that are not in the file, or nowhere on earth."""
