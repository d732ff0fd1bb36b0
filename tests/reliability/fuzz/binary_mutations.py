"""Damage to arrays and Parquet files that byte flips do not reach."""

import io

import numpy as np
import pyarrow as pa
from pyarrow import parquet

_VALUES = (None, -1, 0, 7, 1.5, float('nan'), float('inf'), 1e308, True, '3',
           'x', '', b'3', [1], [1, 2], [], {'a': 1}, 10**30, '../x', '.')


def damaged_array(rng, data):
    """Another type, shape or content, or several arrays in one file."""
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except Exception:
        return data
    if (not isinstance(array, np.ndarray) or array.size == 0
            or array.dtype.kind not in 'iufU'):
        return data
    out = io.BytesIO()
    kind = rng.choice(('dtype', 'value', 'shape', 'order', 'objects', 'npz'))
    if kind == 'npz':
        np.savez_compressed(out, array, np.zeros(1_000_000))
        return out.getvalue()
    if kind == 'dtype':
        name = rng.choice(('<i8', '>i4', 'u1', '<f2', '<f8', '?', 'S3', 'U3',
                           'c8', 'M8[s]', 'V8', [('a', 'i4'), ('b', 'f4')]))
        array = np.zeros(array.shape, dtype=name)
    elif kind == 'value':
        array = np.ones(array.shape)
        array.flat[rng.randrange(array.size)] = rng.choice(
            (np.nan, np.inf, -np.inf, -1, 1e300, 0.5, 1e18))
    elif kind == 'shape':
        more = np.atleast_1d(array)
        array = rng.choice((more[:-1], more.T, more.ravel(), more[None],
                            more[..., :-1], np.concatenate([more, more])))
    elif kind == 'order':
        array = np.asfortranarray(array)
    elif array.dtype.kind != 'U':
        # Damaged, its characters may not exist.
        array = array.astype(object)
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


def damaged_columns(rng, data):
    """Replace, repeat, drop, rename or shorten columns of a Parquet file."""
    try:
        table = parquet.read_table(io.BytesIO(data))
        columns = [[name, table.column(i).to_pylist()]
                   for i, name in enumerate(table.column_names)]
    except Exception:
        return data
    if not columns or not table.num_rows:
        return data
    metadata = dict(table.schema.metadata or {})
    rng.choice((_cell, _column, _name, _drop, _swap, _rows, _classes,
                _equal))(rng, columns, metadata)
    try:
        arrays = [pa.array(values) for _, values in columns]
        table = pa.Table.from_arrays(arrays, names=[n for n, _ in columns])
        out = io.BytesIO()
        parquet.write_table(table.replace_schema_metadata(metadata), out)
    except (pa.ArrowException, OverflowError, TypeError):
        # Values that no column can hold together.
        return data
    return out.getvalue()


def _cell(rng, columns, metadata):
    values = rng.choice(columns)[1]
    values[rng.randrange(len(values))] = rng.choice(_VALUES)


def _column(rng, columns, metadata):
    column = rng.choice(columns)
    column[1] = [rng.choice(_VALUES)] * len(column[1])


def _name(rng, columns, metadata):
    column = rng.choice(columns)
    column[0] = rng.choice((rng.choice(columns)[0], 'label', 'vote_happy',
                            f' {column[0]} ', '', 'votes', 'Vote_anger',
                            'split'))


def _drop(rng, columns, metadata):
    columns.remove(rng.choice(columns))


def _swap(rng, columns, metadata):
    one, other = rng.choice(columns), rng.choice(columns)
    one[1], other[1] = other[1], one[1]


def _rows(rng, columns, metadata):
    for column in columns:
        column[1] = column[1][:1] + column[1]


def _classes(rng, columns, metadata):
    metadata[b'classes'] = rng.choice((
        b'', b'[]', b'{"a": 1}', b'"abcd"', b'[1, 2, 3, 4]', b'[' * 3000,
        b'["anger", "anger", "neutral", "sadness"]', b'\xff'))


def _equal(rng, columns, metadata):
    """Thousands of equal rows in a file that is hardly larger."""
    for column in columns:
        column[1] = column[1][:1] * 5000
