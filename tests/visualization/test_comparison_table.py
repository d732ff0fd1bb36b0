import math

import pandas as pd
import pytest

from uar_mmpretrain.evaluation.functional import Interval
from uar_mmpretrain.evaluation.functional.method_table import (
    COLUMNS,
    Cell,
    MethodRow,
    MethodTable,
)
from uar_mmpretrain.visualization.comparison_table import (
    to_frame,
    to_markdown,
    write_comparison,
)

KEYS = ('accuracy', 'nll', 'retention', 'train_seconds')


def cell(value, low=math.nan, high=math.nan, mark=''):
    return Cell(value, Interval(low, high), mark)


@pytest.fixture
def table():
    """Two methods, one without an epistemic part."""
    return MethodTable(
        tuple(column for column in COLUMNS if column.key in KEYS), (
            MethodRow('Ensemble', dict(
                accuracy=cell(0.8567, 0.84, 0.87, 'best'),
                nll=cell(0.47, 0.45, 0.49, 'best'),
                retention=cell(0.89, 0.87, 0.91),
                train_seconds=cell(3600.))),
            MethodRow('LDL | one', dict(
                accuracy=cell(0.85, 0.83, 0.86, 'tied'),
                nll=cell(0.5, 0.48, 0.52),
                retention=Cell(None, reason='one member'),
                train_seconds=Cell(None, reason='not measured')),
                'evidence')))


def rows(text):
    return [[cell.strip() for cell in line.strip('| ').split('|')]
            for line in text.splitlines() if line.startswith('|')]


def test_groups_marks_and_reasons(table):
    text = to_markdown(table, {'POI': 'ended with code 1'}, 'made today')
    assert text.startswith('made today\n')
    found = rows(text)
    # A head, a line and two methods, for three groups.
    assert len(found) == 12
    assert found[0] == ['method', 'accuracy ↑', 'NLL ↓']
    assert found[2] == ['Ensemble', '**0.857** [0.840, 0.870]',
                        '**0.470** [0.450, 0.490]']
    assert found[3] == ['LDL / one', '0.850\\* [0.830, 0.860]',
                        '0.500 [0.480, 0.520]']
    assert found[6:8] == [['Ensemble', '0.890 [0.870, 0.910]'],
                          ['LDL / one', '- (1)']]
    assert found[10:] == [['Ensemble', '3,600'], ['LDL / one', '- (2)']]
    assert '(1) one member.' in text
    assert '(2) not measured.' in text
    assert 'LDL | one rejects by evidence.' in text
    assert 'Ensemble rejects' not in text
    assert 'POI is missing: ended with code 1.' in text


def test_all_lines_of_a_table_have_as_many_cells(table):
    found = rows(to_markdown(table))
    for start in range(0, len(found), 4):
        assert len({len(row) for row in found[start:start + 4]}) == 1


def test_a_reason_is_given_once(table):
    both = MethodTable(table.columns, tuple(
        MethodRow(name, table.rows[1].cells) for name in 'ab'))
    text = to_markdown(both)
    assert text.count('one member') == 1
    assert text.count('- (1)') == 2


def test_files_hold_every_figure(table, tmp_path):
    files = write_comparison(table, tmp_path / 'out')
    assert [file.name for file in files] == ['comparison.md',
                                             'comparison.csv']
    assert files[0].read_text() == to_markdown(table)
    frame = pd.read_csv(files[1]).set_index('method')
    assert frame.loc['Ensemble', 'accuracy'] == 0.8567
    assert frame.loc['LDL | one', 'accuracy_mark'] == 'tied'
    assert frame['score'].tolist() == ['epistemic', 'evidence']
    assert frame.loc['LDL | one', 'retention_reason'] == 'one member'
    assert math.isnan(frame.loc['LDL | one', 'retention'])
    assert frame.loc['Ensemble', 'nll_high'] == 0.49
    assert frame['aleatoric_score'].tolist() == ['aleatoric'] * 2
    # No column without a single entry.
    assert not [key for key in frame if 'difference' in key]
    assert 'train_seconds_low' not in frame
    assert not list((tmp_path / 'out').glob('.tmp-*'))


def test_frame_keeps_the_order_of_methods(table):
    assert to_frame(table)['method'].tolist() == ['Ensemble', 'LDL | one']
