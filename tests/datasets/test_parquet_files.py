import pyarrow as pa
import pytest
from pyarrow import parquet

from uar_mmpretrain.datasets.parquet_files import read_parquet


def write(folder, columns, names, **metadata):
    path = folder / 'x.parquet'
    table = pa.Table.from_arrays([pa.array(one) for one in columns], names)
    parquet.write_table(table.replace_schema_metadata(metadata or None), path)
    return path


def test_billions_of_equal_rows_are_refused_before_they_are_read(tmp_path):
    path = write(tmp_path, [['a.png'] * 300_000], ['img_path'])
    assert path.stat().st_size < 10_000
    with pytest.raises(ValueError, match='x.parquet .*: 300,000 rows in '):
        read_parquet(path)


@pytest.mark.parametrize('names', [('a', 'a'), ('a', ' a ')])
def test_a_column_twice(names, tmp_path):
    with pytest.raises(ValueError, match='x.parquet: a twice'):
        read_parquet(write(tmp_path, [[1], [2]], names))


def test_a_list_and_a_column_of_one_class(tmp_path):
    path = write(tmp_path, [[[1, 2]], [3]], ['votes', 'vote_joy'],
                 classes='["joy", "sad"]')
    with pytest.raises(ValueError, match='x.parquet: vote_joy twice'):
        read_parquet(path)


@pytest.mark.parametrize('classes, message', [
    ('["joy", "joy"]', 'joy twice'), ('{"joy": 1}', 'JSON list of class'),
    ('"ab"', 'JSON list of class'), ('[1, 2]', 'JSON list of class'),
    ('[', 'JSON list of class')])
def test_class_names_of_another_form(classes, message, tmp_path):
    path = write(tmp_path, [[[1, 2]]], ['votes'], classes=classes)
    with pytest.raises(ValueError, match=f'x.parquet: .*{message}'):
        read_parquet(path)


def test_cells_that_are_no_list(tmp_path):
    path = write(tmp_path, [[1, 2]], ['votes'], classes='["joy", "sad"]')
    with pytest.raises(ValueError, match='x.parquet row 1, votes: expected 2'):
        read_parquet(path)
