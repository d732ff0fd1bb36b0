"""Aleatoric against votes, epistemic against shift."""
