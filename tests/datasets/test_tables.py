import json
import sys

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from uar_mmpretrain.datasets.tables import read_array, read_table


def test_rows_are_numbered_as_an_editor_shows_them(tmp_path):
    path = tmp_path / 'x.csv'
    path.write_text('img_path, vote_a \na.png,1\n\n"b\nb.png",2\nc.png,3')
    table = read_table(path)
    # A blank line, then a field over two lines: it ends in row 5.
    assert table.rows.tolist() == [2, 5, 6]
    assert table.columns['vote_a'] == ['1', '2', '3']
    assert table.source == 'x.csv' and not table.notes


@pytest.mark.parametrize('delimiter', [';', '\t'])
def test_other_delimiters_are_read_and_said(tmp_path, delimiter):
    path = tmp_path / 'x.csv'
    path.write_text(f'img_path{delimiter}label\r\na.png{delimiter}sad\r\n')
    table = read_table(path)
    assert table.columns == {'img_path': ['a.png'], 'label': ['sad']}
    assert repr(delimiter) in table.notes[0]


@pytest.mark.parametrize('text, message', [
    ('{"img_path": "a/0.png", "votes": [1]}', 'row 2, votes: expected an obj'),
    ('[1]', 'row 2: expected an object'),
    ('{"img_path": ', 'row 2: no JSON'),
])
def test_bad_json_lines(tmp_path, text, message):
    path = tmp_path / 'x.jsonl'
    path.write_text('{"img_path": "a.png", "votes": {"joy": 3}}\n' + text)
    with pytest.raises(ValueError, match=f'x.jsonl {message}'):
        read_table(path)


def test_absent_votes_of_json_lines_are_zero(tmp_path):
    path = tmp_path / 'x.jsonl'
    path.write_text('{"img_path": "a", "votes": {"joy": 3}}\n\n'
                    '{"img_path": "b", "votes": {"sad": 2}, "split": "val"}')
    table = read_table(path)
    assert table.sparse and table.rows.tolist() == [1, 3]
    assert table.columns == {
        'img_path': ['a', 'b'],
        'vote_joy': [3, 0],
        'vote_sad': [0, 2],
        'split': ['', 'val']
    }


def test_not_utf8_and_zero_bytes(tmp_path):
    path = tmp_path / 'x.csv'
    path.write_bytes('img_path,label\né.png,sad'.encode('latin-1'))
    with pytest.raises(ValueError, match='x.csv is not UTF-8 text'):
        read_table(path)
    path.write_bytes(b'')
    with pytest.raises(ValueError, match='x.csv: no header'):
        read_table(path)


@pytest.mark.parametrize('array, message', [
    (np.eye(3), 'x.npy has 3 rows and paths.txt 2 paths'),
    (np.zeros(2), r'array of shape \(2,\)'),
    (np.array([['a'] * 3] * 2), 'expected numbers'),
    (np.array([[{}] * 3] * 2), 'no plain npy array'),
])
def test_bad_arrays(tmp_path, array, message):
    np.save(tmp_path / 'x.npy', array, allow_pickle=True)
    (tmp_path / 'paths.txt').write_text('a.png\nb.png')
    with pytest.raises(ValueError, match=message):
        read_array(tmp_path / 'x.npy', tmp_path / 'paths.txt')


def test_array_files_that_are_not_there(tmp_path):
    np.save(tmp_path / 'x.npy', np.eye(2))
    with pytest.raises(FileNotFoundError, match='paths.txt not found'):
        read_array(tmp_path / 'x.npy', tmp_path / 'paths.txt')


def test_truncated_array(tmp_path):
    np.save(tmp_path / 'x.npy', np.eye(2))
    data = (tmp_path / 'x.npy').read_bytes()
    (tmp_path / 'paths.txt').write_text('a.png\nb.png')
    for end in (0, 20, len(data) - 4):
        (tmp_path / 'x.npy').write_bytes(data[:end])
        with pytest.raises(ValueError, match='x.npy is no plain npy array'):
            read_array(tmp_path / 'x.npy', tmp_path / 'paths.txt')


def test_bad_parquet(tmp_path):
    path = tmp_path / 'x.parquet'
    path.write_bytes(b'PAR1 and then nothing')
    with pytest.raises(ValueError, match='no Parquet file, or a damaged'):
        read_table(path)
    lists = pa.table({'img_path': ['a/0.png'], 'votes': [[1, 2]]})
    parquet.write_table(lists, path)
    with pytest.raises(ValueError, match="needs the key 'classes'"):
        read_table(path)
    named = {'classes': json.dumps(['joy', 'sad', 'fear'])}
    parquet.write_table(lists.replace_schema_metadata(named), path)
    with pytest.raises(ValueError, match='row 1, votes: expected 3 numbers'):
        read_table(path)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / 'x.parquet'
    path.write_bytes(b'PAR1')
    monkeypatch.setitem(sys.modules, 'pyarrow', None)
    with pytest.raises(ImportError, match='pip install pyarrow'):
        read_table(path)
