"""Where an order can wait until its customer comes for it."""
