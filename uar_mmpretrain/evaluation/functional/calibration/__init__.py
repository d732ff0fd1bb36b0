"""Probabilities against labels and against votes."""
