"""Simulation: the answer lived through."""
