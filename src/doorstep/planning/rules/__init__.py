"""Rules: what a plan must keep, and by how much something misses it; no file here knows a solver."""
