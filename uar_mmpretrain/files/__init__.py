"""Files: written whole or not at all, and the content of those that others
made. Imports nothing of OpenMMLab.
"""
