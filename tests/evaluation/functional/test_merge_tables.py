"""Parts of a test make the whole, or are refused by name."""

from dataclasses import fields, replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    merge_tables,
)


def part(table, *corruptions):
    return table.select(np.isin(table.corruption, ('clean', *corruptions)))


def assert_equal(one, other):
    for field in fields(PredictionTable):
        a, b = (getattr(table, field.name) for table in (one, other))
        if field.name == 'channels':
            assert a.keys() == b.keys()
            a, b = ([*v.values()] for v in (a, b))
        np.testing.assert_array_equal(a, b, field.name)


@pytest.fixture
def whole(table):
    return replace(
        table, action=(np.arange(len(table)) % 3).astype(np.int8),
        channels=dict(density=np.arange(len(table), dtype=float)))


def test_parts_make_the_whole_in_any_order(whole):
    parts = [part(whole, 'contrast'), part(whole, 'pixelate'),
             part(whole, 'gaussian_noise')]
    names = ['a', 'b', 'c']
    assert_equal(merge_tables(parts, names), whole)
    assert_equal(merge_tables(parts[::-1], names), whole)
    assert_equal(merge_tables([whole, parts[0]], names[:2]), whole)
    assert_equal(merge_tables([whole], ['a']), whole)


def test_round_off_of_other_hardware_is_no_other_model(whole):
    other = part(whole, 'pixelate')
    scores = other.member_scores + np.float32(1e-3)
    merged = merge_tables(
        [part(whole, 'contrast'), replace(other, member_scores=scores)],
        ['a', 'b'])
    clean = merged.is_clean
    np.testing.assert_array_equal(merged.member_scores[clean],
                                  whole.member_scores[whole.is_clean])


def changed(table, name, row):
    values = getattr(table, name).copy()
    values[row] = values[row][..., ::-1] if values.ndim > 1 else (
        values[row] + 1) % 4
    return replace(table, **{name: values})


@pytest.mark.parametrize('name', ['member_scores', 'label', 'eval_label'])
def test_one_clean_row_of_another_model_or_rule(whole, name):
    row = int(np.flatnonzero(whole.is_clean)[7])
    wrong = changed(whole, name, row)
    with pytest.raises(ValueError, match=f"b: image '{whole.image_id[row]}'.*"
                       r'\(1 of'):
        merge_tables([part(whole, 'contrast'), part(wrong, 'pixelate')],
                     ['a', 'b'])


def test_rows_are_missing(whole):
    keep = np.ones(len(whole), dtype=bool)
    keep[np.flatnonzero((whole.corruption == 'pixelate') &
                        (whole.severity == 5))[3]] = False
    with pytest.raises(ValueError, match='pixelate, severity 5: 59 of 60'):
        merge_tables([part(whole, 'contrast'),
                      part(whole.select(keep), 'pixelate')], ['a', 'b'])


def test_no_parts_of_one_test(whole, make_table):
    a = part(whole, 'contrast')
    b = part(whole, 'pixelate')
    for other, message in (
            (b.select(~b.is_clean), 'b has no clean images.*include_clean'),
            (b.select(b.image_id != 'test/0003.png'),
             "different clean images: 1 .*'test/0003.png'"),
            (replace(b, classes=b.classes[::-1]), 'b: classes surprise'),
            (replace(b, channels={}), r"b: channels \[\]; a has \['density"),
            (replace(b, action=None), 'b: actions False'),
            (replace(b, votes=None), 'b: votes False'),
            (replace(b, member_scores=b.member_scores[:, :2]),
             'b: number of members 2; a has 3')):
        with pytest.raises(ValueError, match=message):
            merge_tables([a, other], ['a', 'b'])
