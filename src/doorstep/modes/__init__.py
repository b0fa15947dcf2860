"""How an order can be carried: modes, price books and the sources of their numbers."""
