"""What must be carried: orders, from tables or drawn at random over the real doors of a place."""
