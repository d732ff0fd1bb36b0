"""What stands in the cells and below them."""

import math
from dataclasses import replace

import pytest

from uar_mmpretrain.evaluation.functional import Interval
from uar_mmpretrain.evaluation.functional.method_table import (
    COLUMNS,
    Cell,
    Difference,
    MethodRow,
    MethodTable,
)
from uar_mmpretrain.visualization.comparison_table import (
    to_frame,
    to_markdown,
)
from uar_mmpretrain.visualization.comparison_text import (
    TextCell,
    comparison_text,
)

NONE = Interval(math.nan, math.nan)


def make(reference='LDL', **cells):
    """Two methods, the first with the cells given."""
    columns = tuple(one for one in COLUMNS if one.key in cells)
    base = {key: replace(cell, difference=None)
            for key, cell in cells.items()}
    return MethodTable(columns, (MethodRow('Ensemble', cells),
                                 MethodRow('LDL', base)), reference)


def compared(value, difference, low, high):
    return Cell(value, Interval(value - 0.1, value + 0.1),
                difference=Difference(difference, Interval(low, high)))


@pytest.fixture
def table():
    return make(ece=compared(0.095, 0.0171, -0.0012, 0.0354),
                aurc=compared(0.118, -0.00312, -0.01, 0.004),
                retention=compared(0.9, 0.1, 0.05, 0.15))


def test_differences_are_a_table_of_their_own(table):
    *_, last = comparison_text(table).tables
    assert last.title == 'Difference from LDL, paired'
    # Those of figures that every method has.
    assert last.heads == ['ECE, labels', 'AURC, total']
    assert last.rows == dict(Ensemble=[
        TextCell('+0.017', '[-0.001, +0.035]'),
        TextCell('-0.0031', '[-0.0100, +0.0040]')])
    assert '| Ensemble | +0.017 [-0.001, +0.035] | ' in to_markdown(table)
    titles = [one.title for one in
              comparison_text(make('', ece=Cell(0.1))).tables]
    assert titles == ['Calibration and selective prediction']


def test_a_difference_that_does_not_exist_has_the_reason(table):
    rows = (*table.rows, MethodRow('POI', {
        **table.rows[0].cells, 'aurc': Cell(None, reason='no label')}))
    *_, last = comparison_text(replace(table, rows=rows)).tables
    assert last.rows['POI'][1] == TextCell(note=1)


def test_the_file_has_every_difference(table):
    frame = to_frame(table).set_index('method')
    assert frame.loc['Ensemble', 'retention_difference'] == 0.1
    assert frame.loc['Ensemble', 'ece_difference_low'] == -0.0012
    assert frame.loc['Ensemble', 'aurc_difference_high'] == 0.004
    assert math.isnan(frame.loc['LDL', 'ece_difference'])


def test_what_intervals_leave_out_is_said_where_it_matters():
    plain = comparison_text(make(accuracy=Cell(0.8))).notes
    assert len(plain) == 1
    binned = comparison_text(
        make(accuracy=Cell(0.8), ece=Cell(0.017))).notes
    assert 'may lie below the value' in binned[1]
    share = comparison_text(make(rho_of_ceiling=Cell(0.5))).notes
    assert 'takes the ceiling as known' in share[1]


def test_scores_other_than_the_usual_are_named():
    row = MethodRow('Dirichlet', dict(accuracy=Cell(0.8)),
                    'dirichlet_epistemic', 'dirichlet_aleatoric')
    table = make(accuracy=Cell(0.7))
    notes = comparison_text(replace(table, rows=(*table.rows, row))).notes
    assert notes[1:] == ['Dirichlet rejects by dirichlet_epistemic.',
                         'Dirichlet: rho is that of dirichlet_aleatoric.']
