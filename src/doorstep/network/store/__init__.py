"""Store: maps that were read before, kept as plain columns on disk."""
