"""Schedule: the rows of a timed route [6, n], whose columns are the numbers of its row (see timing)."""

ARRIVE, START, LEAVE, METRES, PAUSE = range(5)
"""On a trip's opening: loading begins, departure, return, length of the trip."""
ENERGY_USED = METRES
"""Row, at a trip's first stop: what the trip uses, where that depends on its load."""
PAUSE_BACK = 5
"""Row: start of a break before the way back; PAUSE is that before a stop or before loading."""
