import numpy as np
import pytest

from uar_mmpretrain.datasets.table_checks import (
    check_choice,
    check_label_range,
    clean_paths,
    counted,
    parse_numbers,
    some,
)


def test_some_and_counted():
    assert some('abcde') == 'a, b, c, d, e'
    assert some(range(2000)) == '0, 1, 2, 3, 4 and 1,995 more'
    assert counted(1, 'row') == '1 row' and counted(2536, 'image') == (
        '2,536 images')


def test_parse_numbers():
    values = parse_numbers([('1', 2.5), (' 3 ', '1e1')], np.array([2, 3]),
                           ['a', 'b'], 'x.csv')
    assert values.tolist() == [[1, 2.5], [3, 10]]
    assert parse_numbers([(), ()], np.array([2, 3]), [], 'x').shape == (2, 0)


@pytest.mark.parametrize('cell', ['x', '', None, 'nan', 'inf', '-0.5', [1]])
def test_parse_numbers_names_the_cell(cell):
    with pytest.raises(ValueError) as caught:
        parse_numbers([(1, 2), (3, cell)], np.array([2, 3]), ['a', 'b'], 'x')
    assert f"x row 3, b: '{cell}'; expected a number >= 0" in str(caught.value)


def test_clean_paths():
    rows = np.arange(4)
    assert clean_paths([r'a\b.png', './c.png', 'd/../e.png', '..f.png'], rows,
                       'x') == ['a/b.png', 'c.png', 'e.png', '..f.png']


@pytest.mark.parametrize('path', ['', ' ', '/a.png', '../a.png', 'a/../../b',
                                  '..', 'C:/a.png', r'D:\a.png'])
def test_paths_out_of_the_root(path):
    with pytest.raises(ValueError, match='x row 7: .* no path inside data_ro'):
        clean_paths(['ok.png', path], np.array([6, 7]), 'x')


def test_check_label_range():
    rows = np.array([2, 3, 4])
    check_label_range(np.array([1, 2, 1]), rows, 'ab', 'row {row}', base=1)
    with pytest.raises(ValueError, match='row 4: 2.5; the 3 classes are 0..2'):
        check_label_range(np.array([0, 1, 2.5]), rows, 'abc', 'row {row}')
    with pytest.raises(ValueError, match='Labels run 1..3: subtract one'):
        check_label_range(np.array([1, 2, 3]), rows, 'abc', 'row {row}')
    with pytest.raises(ValueError, match='from 0 on: add one'):
        check_label_range(np.array([0, 1, 2]), rows, 'abc', 'row {row}', 1)


def test_check_choice():
    check_choice('split', None, (None, 'a'))
    with pytest.raises(ValueError, match="split='b'; expected one of None"):
        check_choice('split', 'b', (None, 'a'))
