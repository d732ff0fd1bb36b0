"""Content of files that others made; imports nothing of OpenMMLab."""
