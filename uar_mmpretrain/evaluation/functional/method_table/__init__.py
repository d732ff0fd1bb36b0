"""Several methods, tested on the same images, in one table."""

from .columns import COLUMNS, Column
from .compare import Cell, MethodRow, MethodTable, compare_methods
from .compared_rows import ComparedRows
from .measure import MethodCosts, MethodFigures, measure_method

__all__ = [
    'COLUMNS', 'Cell', 'Column', 'ComparedRows', 'MethodCosts',
    'MethodFigures', 'MethodRow', 'MethodTable', 'compare_methods',
    'measure_method'
]
