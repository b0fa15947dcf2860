"""Evaluation: what the answer was worth."""
