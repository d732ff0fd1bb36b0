"""Several methods, tested on the same images, in one table."""

from .columns import COLUMNS, Column
from .compare import (
    Cell,
    Difference,
    MethodRow,
    MethodTable,
    compare_methods,
)
from .compared_rows import ComparedRows
from .measure import MethodCosts, MethodFigures, measure_method
from .over_trainings import average_trainings, measure_members

__all__ = [
    'COLUMNS', 'Cell', 'Column', 'ComparedRows', 'Difference', 'MethodCosts',
    'MethodFigures', 'MethodRow', 'MethodTable', 'average_trainings',
    'compare_methods', 'measure_members', 'measure_method'
]
