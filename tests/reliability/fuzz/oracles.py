"""What a file says, read anew: plain loops, nothing of the package."""

import csv
import io
import json
import posixpath

import numpy as np
import pyarrow as pa
from pyarrow import parquet

SPELLINGS = {'happy': 'happiness', 'angry': 'anger', 'sad': 'sadness'}


class Unreadable(Exception):
    """No reader may give anything for this file."""


def text_of(data):
    try:
        return data.decode('utf-8-sig')
    except UnicodeDecodeError:
        raise Unreadable('not UTF-8') from None


def rows_of(data, delimiter=None):
    """Fields of every row that is not blank."""
    text = text_of(data)
    if delimiter is None:
        first = io.StringIO(text).readline()
        delimiter = max(',;\t', key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=''), strict=True,
                               delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(str(error)) from error
    return [row for row in rows if ''.join(row).strip()]


def columns_of(data, delimiter=None):
    """Cells by column name; every row as wide as the header."""
    rows = rows_of(data, delimiter)
    if not rows:
        raise Unreadable('empty')
    header = [name.strip() for name in rows[0]]
    if len(set(header)) < len(header):
        raise Unreadable('a column twice')
    if any(len(row) != len(header) for row in rows[1:]):
        raise Unreadable('another width')
    return {name: [row[i].strip() for row in rows[1:]]
            for i, name in enumerate(header)}


def objects_of(data):
    """Cells by column name of JSON lines."""
    def pairs(items):
        if len(dict(items)) < len(items):
            raise Unreadable('a key twice')
        return dict(items)

    records = []
    for line in text_of(data).replace('\r\n', '\n').replace(
            '\r', '\n').split('\n'):
        if not line.strip():
            continue
        try:
            record = json.loads(line, object_pairs_hook=pairs)
            votes = record.pop('votes', {})
            records.append({**record, **{f'vote_{name}': value for name, value
                                         in votes.items()}})
        except (ValueError, RecursionError, AttributeError) as error:
            raise Unreadable(str(error)) from error
    names = {name for record in records for name in record}
    return {name: [record.get(name, 0 if name.startswith('vote_') else '')
                   for record in records] for name in names}


def parquet_of(data):
    try:
        table = parquet.read_table(io.BytesIO(data))
        cells = [column.to_pylist() for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable(str(error)) from error
    names = [name.strip() for name in table.column_names]
    if len(set(names)) < len(names):
        raise Unreadable('a column twice')
    columns = dict(zip(names, cells))
    if 'votes' in columns:
        classes = json.loads(table.schema.metadata[b'classes'])
        for place, name in enumerate(classes):
            columns[f'vote_{name}'] = [cell[place] for cell
                                       in columns['votes']]
    return columns


def path_of(cell, folder=''):
    """Where an image lies below the root."""
    path = str(cell).strip().replace('\\', '/')
    path = posixpath.normpath(posixpath.join(folder, path))
    assert not path.startswith(('/', '..')) and path != '.'
    return path


def votes_of(columns, classes, prefix='vote_'):
    """Votes of every image over some classes, in their order."""
    places = {}
    for name in columns:
        if name.startswith(prefix):
            cls = name[len(prefix):].strip().lower()
            cls = SPELLINGS.get(cls, cls)
            assert cls not in places, 'two columns of one class'
            places[cls] = columns[name]
    found = {}
    for row, path in enumerate(columns['img_path']):
        votes = [float(places[cls][row]) if cls in places else 0.
                 for cls in classes]
        # The same image again must say the same.
        previous = found.setdefault(path_of(path), votes)
        assert np.array_equal(previous, votes), f'{path} differs'
    return found
