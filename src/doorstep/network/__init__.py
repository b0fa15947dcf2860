"""Network: where things can go, and how long they take."""
