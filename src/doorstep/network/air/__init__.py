"""Air: flights round no-fly zones, over terrain and in wind."""
