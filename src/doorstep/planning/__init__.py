"""Planning: the answer proposed."""
