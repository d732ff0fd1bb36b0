"""Tables survive a trip to disk exactly."""

import codecs
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uar_mmpretrain.evaluation.functional import (
    from_frame,
    prediction_files,
    read_table,
    to_frame,
    write_table,
)

FIELDS = ('image_id', 'corruption', 'severity', 'label', 'eval_label',
          'member_scores', 'classes', 'votes', 'action')


def assert_equal(found, expected):
    for name in FIELDS:
        a, b = getattr(found, name), getattr(expected, name)
        assert (a is None) == (b is None), name
        if b is not None:
            np.testing.assert_array_equal(a, b, err_msg=name)
            assert np.asarray(a).dtype == np.asarray(b).dtype, name


@pytest.mark.parametrize('suffix', ['.csv', '.parquet'])
@pytest.mark.parametrize('change', [
    dict(),
    dict(votes=None),
    dict(action=True),
    dict(fractions=True),
    dict(names=True),
])
def test_round_trip(table, tmp_path, suffix, change):
    if change.get('action'):
        change = dict(action=np.arange(len(table)) % 3)
    if change.pop('fractions', False):
        change = dict(votes=table.votes / 3)
    if change.pop('names', False):
        # Ids that a careless reader takes for numbers or missing values.
        ids = np.where(table.image_id == 'test/0001.png', 'NA',
                       table.image_id)
        ids = np.where(ids == 'test/0002.png', '007', ids)
        change = dict(image_id=np.where(ids == 'test/0003.png', 'a,"b', ids))
    table = replace(table, **change)
    path = write_table(table, tmp_path / 'new' / f'predictions{suffix}')
    assert_equal(read_table(path), table)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize('suffix', ['.csv', '.parquet'])
def test_files_of_numbers_only(make_table, tmp_path, suffix):
    table = make_table(5, corruptions=(), num_members=1)
    ids = np.array([f'{i:03}' for i in range(5)])
    table = replace(table, image_id=ids)
    assert_equal(read_table(write_table(table, tmp_path / f'p{suffix}')),
                 table)


def test_columns(table):
    frame = to_frame(table.with_action(np.zeros(len(table))), 'variance')
    assert list(frame.columns[:6]) == [
        'path', 'corruption', 'severity', 'label', 'eval_label',
        'vote_neutral'
    ]
    assert list(frame.columns[-4:]) == [
        'total', 'aleatoric', 'epistemic', 'action'
    ]
    np.testing.assert_array_equal(frame['epistemic'],
                                  table.decompose('variance').epistemic)
    np.testing.assert_array_equal(frame['member2_sadness'],
                                  table.member_scores[:, 2, 2])
    np.testing.assert_allclose(frame['prob_surprise'],
                               table.mean_scores[:, 3], rtol=1e-6)
    assert set(frame['action']) == {'ACCEPT'}
    assert frame['vote_neutral'].dtype == np.int64


def test_a_single_member_has_no_epistemic_column(make_table):
    frame = to_frame(make_table(4, num_members=1))
    assert 'epistemic' not in frame and 'action' not in frame


def test_a_failed_write_leaves_the_old_file(table, tmp_path, monkeypatch):
    path = write_table(table, tmp_path / 'p.csv')
    before = path.read_bytes()

    def fail(*args, **kwargs):
        raise OSError('disk full')

    monkeypatch.setattr(pd.DataFrame, 'to_csv', fail)
    with pytest.raises(OSError, match='disk full'):
        write_table(table.clean(), path)
    assert path.read_bytes() == before


def test_what_a_spreadsheet_adds(table, tmp_path):
    path = write_table(table, tmp_path / 'p.csv')
    text = path.read_bytes()
    path.write_bytes(codecs.BOM_UTF8 + text)
    assert_equal(read_table(path), table)
    path.write_bytes(b'\n' + text)
    with pytest.raises(ValueError, match='its first line does not name'):
        read_table(path)


def test_parquet_without_pyarrow_names_the_extra(table, tmp_path,
                                                 monkeypatch):
    monkeypatch.setattr(prediction_files, 'find_spec', lambda name: None)
    with pytest.raises(ImportError, match="extra 'report'"):
        write_table(table, tmp_path / 'p.parquet')
    write_table(table, tmp_path / 'p.csv')


def test_bad_files(table, tmp_path):
    with pytest.raises(FileNotFoundError, match='no predictions at'):
        read_table(tmp_path / 'none.csv')
    with pytest.raises(ValueError, match="suffix '.pkl'"):
        read_table(tmp_path / 'p.pkl')
    broken = tmp_path / 'broken.parquet'
    broken.write_bytes(b'not parquet')
    with pytest.raises(ValueError, match='broken.parquet'):
        read_table(broken)


@pytest.mark.parametrize('change, error, message', [
    (lambda f: f.drop(columns='severity'), KeyError, "'severity' is missing"),
    (lambda f: f.drop(columns='member1_sadness'), KeyError,
     "'member1_sadness' is missing"),
    (lambda f: f[['path']], KeyError, 'no column prob_<class>'),
    (lambda f: f.assign(action='DROP'), ValueError, 'ACCEPT, REPORT, REJECT'),
    (lambda f: f.assign(label=99), ValueError, 'expected -1 to 3'),
])
def test_bad_frames(table, tmp_path, change, error, message):
    frame = change(to_frame(table))
    with pytest.raises(error, match=message):
        from_frame(frame)
    path = tmp_path / 'p.csv'
    frame.to_csv(path, index=False)
    with pytest.raises(error, match='p.csv'):
        read_table(path)
