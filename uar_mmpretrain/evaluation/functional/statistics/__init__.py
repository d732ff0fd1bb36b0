"""Rank statistics, intervals and the bootstrap over images."""
