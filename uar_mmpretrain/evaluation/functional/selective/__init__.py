"""Risk and coverage when the least certain are left out."""
