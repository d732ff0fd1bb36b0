from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import Estimate
from uar_mmpretrain.evaluation.functional.method_table import (
    ComparedRows,
    MethodFigures,
    compare_methods,
    measure_method,
)

ROWS = ComparedRows('rows', np.array(['a.png']), np.array([0]),
                    np.zeros((1, 2)), ('x', 'y'))


def method(name, reasons=None, **estimates):
    return MethodFigures(
        name, replace(ROWS, name=name),
        {key: Estimate(value, np.asarray(replicates, dtype=float))
         for key, (value, replicates) in estimates.items()}, reasons or {})


def marks(table, key):
    return {row.name: row.cells[key].mark for row in table.rows}


# What a set of drawn images does to every method alike.
COMMON = np.linspace(-0.1, 0.1, 101)
OWN = np.resize([-0.03, 0.03], 101)


def test_what_draws_share_does_not_hide_a_difference():
    # Each interval is 0.19 wide and contains the other's value.
    table = compare_methods([
        method('a', accuracy=(0.80, 0.80 + COMMON)),
        method('b', accuracy=(0.79, 0.79 + COMMON)),
        method('c', accuracy=(0.79, 0.79 + COMMON + OWN))])
    assert marks(table, 'accuracy') == dict(a='best', b='', c='tied')
    low, high = table.rows[0].cells['accuracy'].interval
    assert (low, high) == pytest.approx((0.705, 0.895))


def test_lower_is_better_where_it_is():
    table = compare_methods([
        method('a', nll=(0.5, 0.5 + COMMON), rho=(0.5, 0.5 + COMMON)),
        method('b', nll=(0.4, 0.4 + COMMON), rho=(0.4, 0.4 + COMMON))])
    assert marks(table, 'nll') == dict(a='', b='best')
    assert marks(table, 'rho') == dict(a='best', b='')


def test_equal_methods_are_tied():
    same = (0.7, 0.7 + COMMON)
    table = compare_methods([method('a', kl=same), method('b', kl=same)])
    assert marks(table, 'kl') == dict(a='best', b='tied')


def test_costs_and_single_values_have_no_mark():
    table = compare_methods([
        method('a', forward_passes=(4, []), retention=(0.9, 0.9 + COMMON)),
        method('b', {'retention': 'one member'}, forward_passes=(1, []))])
    assert marks(table, 'forward_passes') == dict(a='', b='')
    assert marks(table, 'retention') == dict(a='', b='')
    missing = table.rows[1].cells['retention']
    assert missing.value is None
    assert missing.reason == 'one member'
    assert [c.key for c in table.columns] == ['retention', 'forward_passes']


def test_bias_is_taken_off_calibration_errors():
    # Replicates of b grow by 0.04 with noise: its excess of 0.05 in them is
    # one of 0.01 - 0.04 once it is taken off.
    table = compare_methods([
        method('a', ece=(0.10, 0.10 + COMMON / 10)),
        method('b', ece=(0.11, 0.15 + COMMON / 10 + OWN * 2))])
    assert marks(table, 'ece') == dict(a='best', b='tied')
    low, high = table.rows[1].cells['ece'].interval
    assert low + high == pytest.approx(2 * (0.11 * 2 - 0.15), abs=0.01)


def test_differences_from_a_reference_are_paired():
    # 101 evenly spaced replicates: 95% of 0.2 is 0.19, of 0.02 0.019.
    table = compare_methods([
        method('a', rho=(0.80, 0.80 + COMMON), retention=(0.9, COMMON)),
        method('b', rho=(0.79, 0.79 + COMMON), train_epochs=(4, [])),
        method('c', rho=(0.85, 0.85 + 1.1 * COMMON), train_epochs=(4, []))],
        reference='b')
    assert table.reference == 'b'
    a, b, c = (row.cells['rho'].difference for row in table.rows)
    assert a.value == pytest.approx(0.01)
    assert a.interval == pytest.approx((0.01, 0.01))
    assert b is None
    assert c.value == pytest.approx(0.06)
    assert c.interval == pytest.approx((0.0505, 0.0695))
    # Neither a figure the reference lacks, nor one without replicates.
    assert table.rows[0].cells['retention'].difference is None
    assert table.rows[2].cells['train_epochs'].difference is None
    # Whatever the reference, the marks are the same.
    assert marks(table, 'rho') == dict(a='', b='', c='best')


def test_differences_of_calibration_errors_are_without_bias():
    # Replicates of the difference lie at 0.04, the difference at 0.01.
    table = compare_methods([
        method('a', ece=(0.10, 0.10 + COMMON)),
        method('b', ece=(0.11, 0.14 + COMMON))], reference='a')
    found = table.rows[1].cells['ece'].difference
    assert found.value == pytest.approx(0.01)
    assert found.interval == pytest.approx((-0.02, -0.02))


def test_without_a_reference_there_are_no_differences():
    table = compare_methods([method('a', rho=(0.5, COMMON)),
                             method('b', rho=(0.4, COMMON))])
    assert table.reference == ''
    assert all(row.cells['rho'].difference is None for row in table.rows)
    with pytest.raises(ValueError, match=r"'LDL'; expected one of \['a'\]"):
        compare_methods([method('a', rho=(0.5, COMMON))], reference='LDL')


def test_names_and_replicates_must_fit():
    one = method('a', rho=(0.5, COMMON))
    for wrong in ([], [one, one]):
        with pytest.raises(ValueError, match='name of its own'):
            compare_methods(wrong)
    with pytest.raises(ValueError, match='same draws'):
        compare_methods([one, method('b', rho=(0.4, COMMON[1:]))])


def changed(table, **columns):
    return replace(table, **columns)


def test_other_images_are_refused(table):
    mine = ComparedRows.of('A', table)
    mine.check_same(ComparedRows.of('B', table))
    fewer = table.select(table.image_id != 'test/0007.png')
    others = {
        'different images.*420 and 413|different images.*413 and 420': fewer,
        'other classes': changed(table, classes=('a', 'b', 'c', 'd')),
        'other evaluation label for test/0000': changed(
            table, eval_label=np.where(table.eval_label == 0, 1, 0)),
        'other votes for test/0000': changed(table, votes=table.votes + 1),
    }
    for message, other in others.items():
        with pytest.raises(ValueError, match=message) as caught:
            mine.check_same(ComparedRows.of('B', other))
        assert 'Test B again' in str(caught.value)
    with pytest.raises(ValueError, match='test/0007.png'):
        compare_methods([measure_method(name, one, num_resamples=2)
                         for name, one in (('A', table), ('B', fewer))])


def test_other_answers_and_members_are_not_refused(table):
    one = changed(table, member_scores=table.member_scores[:, :1])
    ComparedRows.of('A', table).check_same(ComparedRows.of('B', one))
