"""Is the data what it should be? Counts, files, copies, fingerprints."""

from .check_table import check_tables
from .copies import copies_across, copies_within
from .data_check import DataCheck, check_data
from .findings import Finding
from .known import KnownSplit, known_split
from .pictures import Picture, read_picture, read_pictures

__all__ = [
    'DataCheck', 'Finding', 'KnownSplit', 'Picture', 'check_data',
    'check_tables', 'copies_across', 'copies_within', 'known_split',
    'read_picture', 'read_pictures'
]
