"""Damage that files suffer, or are given on purpose.

Every function takes a ``random.Random`` whose numbers Hypothesis draws, so
that what fails is reduced to the smallest damage that does.
"""

import codecs
import csv
import io
import re

CELLS = (
    '', ' ', '-1', '-0', '0', '1', '10', '1.5', '1e3', '1e308', '1e400',
    '5e-324', 'nan', 'NaN', 'inf', '-inf', '0x10', '1_0', '1,5', '1;5',
    '\u0661\u0662', '\u00b2', '\uff11', '--5', '+3', '9' * 400, '9' * 5000,
    'x' * 200_000, '"', '""', "'", '\x00', '\ufeff', '\u2028', '\x0b', '\x1c',
    '\r', '\n', 'a\nb', '../../etc/passwd', '/etc/passwd', 'C:\\x.png',
    'a\\0.png', 'a/../../x', '.', '..', 'a', 'a/', '~/x', 'a/0.png',
    'x' * 300, 'happy', 'Anger', 'contempt', 'unknown', 'None', 'null',
    'true', 'False', 'train', 'Training', '=1+1', '\u00e9', '7', '8', '11')
NAMES = ('img_path', 'vote_happy', 'vote_anger', 'Vote_anger', 'vote_fear',
         'vote_unknown', 'vote_nobody', 'prob_anger', 'neutral', 'happiness',
         'label', 'split', 'comment', '', ' ', 'Usage', 'expression',
         'face_x', 'success', 'AU04', 'AU04_r', 'AU99_r')
JSON = ('null', 'true', '-1', '1.5', '1e999', 'NaN', '-Infinity', '9' * 400,
        '9' * 5000, '"x"', '""', '"\\ud800"', '"\\u0000"', '[]', '[1]',
        '[1, 2]', '{}', '{"happiness": 1}', '[' * 3000, '{"a":' * 3000,
        '"../x.png"', '"happy"', '0', '3')
_TOKEN = re.compile(r'"[^"\n]*"|-?[0-9][0-9.]*')


def damage(rng, data, *kinds):
    """Apply one to three mutations; some leave the file as it is."""
    for _ in range(rng.randint(1, 3)):
        data = rng.choice(kinds)(rng, data)
    return data


def damaged_bytes(rng, data):
    """Flip, insert, drop, repeat or cut bytes, or change the encoding."""
    place = rng.randint(0, len(data))
    other = rng.randint(place, min(len(data), place + 40))
    return rng.choice((
        lambda: data[:place] + bytes([rng.randint(0, 255)])
        + data[place + 1:],
        lambda: data[:place] + bytes([rng.choice(b'\0"\',;\n\r\t 0e-.\xff')])
        + data[place:],
        lambda: data[:place] + data[other:],
        lambda: data[:other] + data[place:],
        lambda: data[:place],
        lambda: codecs.BOM_UTF8 + data,
        lambda: data.replace(b'\n', b'\r\n'),
        lambda: data.replace(b'\n', b'\r'),
        lambda: data.decode('utf-8', 'replace').encode('utf-16'),
        lambda: data + data,
    ))()


def damaged_table(rng, data, delimiter=','):
    """Move, drop, repeat, add or fill rows, columns and cells."""
    try:
        text = data.decode('utf-8-sig')
        rows = list(csv.reader(io.StringIO(text, newline=''),
                               delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error):
        return data
    if not rows or not rows[0]:
        return data
    row, column = rng.randrange(len(rows)), rng.randrange(len(rows[0]))
    second = rng.randrange(len(rows)), rng.randrange(len(rows[0]))
    rng.choice((_swap_columns, _swap_names, _repeat_column, _drop_column,
                _add_column, _swap_rows, _repeat_row, _drop_row, _fill,
                _fill, _fill, _rename, _add_field, _drop_field))(
                    rng, rows, (row, column), second)
    out = io.StringIO(newline='')
    csv.writer(out, delimiter=delimiter, lineterminator='\n').writerows(rows)
    return out.getvalue().encode('utf-8', 'replace')


def damaged_tokens(rng, data):
    """Replace one text or number of a JSON file, or repeat it."""
    text = data.decode('utf-8', 'replace')
    found = list(_TOKEN.finditer(text))
    if not found:
        return data
    token = rng.choice(found)
    new = rng.choice((*JSON, token[0], rng.choice(found)[0]))
    return (text[:token.start()] + new + text[token.end():]).encode()


def damaged_lines(rng, data):
    """Repeat, drop or swap lines."""
    lines = data.split(b'\n')
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    rng.choice((
        lambda: lines.insert(second, lines[first]),
        lambda: lines.pop(first),
        lambda: lines.insert(second, lines.pop(first)),
    ))()
    return b'\n'.join(lines)


def _swap_columns(rng, rows, one, other):
    for row in rows:
        _swap(row, one[1], other[1])


def _swap_names(rng, rows, one, other):
    _swap(rows[0], one[1], other[1])


def _swap(row, one, other):
    if max(one, other) < len(row):
        row[one], row[other] = row[other], row[one]


def _repeat_column(rng, rows, one, other):
    for row in rows:
        row.insert(other[1], row[one[1]] if one[1] < len(row) else '')


def _drop_column(rng, rows, one, other):
    for row in rows:
        del row[one[1]:one[1] + 1]


def _add_column(rng, rows, one, other):
    value = rng.choice(CELLS)
    for number, row in enumerate(rows):
        row.insert(one[1], value if number else rng.choice(NAMES))


def _swap_rows(rng, rows, one, other):
    rows[one[0]], rows[other[0]] = rows[other[0]], rows[one[0]]


def _repeat_row(rng, rows, one, other):
    rows.insert(other[0], list(rows[one[0]]))


def _drop_row(rng, rows, one, other):
    del rows[one[0]]


def _fill(rng, rows, one, other):
    row, column = one
    if column < len(rows[row]):
        rows[row][column] = rng.choice(CELLS)


def _rename(rng, rows, one, other):
    rows[0][one[1]] = rng.choice(NAMES)


def _add_field(rng, rows, one, other):
    rows[one[0]].insert(one[1], rng.choice(CELLS))


def _drop_field(rng, rows, one, other):
    del rows[one[0]][one[1]:one[1] + 1]
