"""Exact methods for small problems of other kinds: a tour that may leave parcels in lockers, charging on the way."""
