"""Damage that once ended in other labels, lost rows or a traceback."""

import io

import numpy as np
import pytest

from .other_files import OTHER_FILES
from .readers import LABEL_FILES

READERS = {**LABEL_FILES, **OTHER_FILES}


def text(*pairs):
    """Replace text, once each."""
    def change(data):
        for old, new in pairs:
            assert old.encode() in data, old
            data = data.replace(old.encode(), new.encode(
                'utf-8', 'surrogatepass'), 1)
        return data
    return change


def twice(number, *pairs):
    """Repeat a line, changed."""
    def change(data):
        lines = data.rstrip(b'\n').split(b'\n')
        return b'\n'.join([*lines, text(*pairs)(lines[number])])
    return change


def npz(data):
    out = io.BytesIO()
    np.savez(out, np.eye(2))
    return out.getvalue()


def huge(data):
    """A header that says there are 8 TB."""
    return data.replace(b'(8, 4), }' + b' ' * 12, b'(8, 400000000000), }')


@pytest.mark.parametrize('name, change, message', [
    # Votes that were left out, or counted for another class.
    ('table.csv', text(('vote_unknown', 'Vote_fear')), "'Vote_fear'; write"),
    ('JSON lines', text(('"sadness"', '"anger"')), 'row 1: .*anger.*twice'),
    ('JSON lines', text(('"votes"', '"vote_anger": 3, "votes"')),
     "row 1: 'vote_anger' stands there twice"),
    ('FER+ fer2013new.csv', text(('disgust', 'fear')), 'fear twice'),
    ('AffectNet csv', text(('arousal', 'expression')), 'expression twice'),
    ('AffectNet csv', text(('1/3.jpg,4', '1/3.jpg,,4')),
     'row 5: 10 fields; expected 9'),
    ('RAF-DB distributions', twice(0, ('0.7', '0.1')),
     'rows 1 and 8 both name train_00001.jpg'),
    ('NoisyLabels table', twice(3, ('a/2.png,', 'a/2.png,9')),
     'rows 4 and 10 both name a/2.png'),
    ('action units', twice(3, ('0.5', '0.7')), 'rows 4 and 10 both name'),
    ('action units', text(('a/1.png,1', 'a/1.png,no')), 'row 3, success'),
    ('predictions.csv', text(('clean,0,0', 'clean,0,0.5')), 'label in row 4'),
    ('predictions.csv', text(('member0_anger', 'other')), 'member0_anger'),
    ('predictions.csv', text(('ACCEPT', '9' * 5000)), "action '9{40}'; "),
    ('predictions.csv', text(('eval_label', 'label')), "'label' stands"),
    # Rows that were lost.
    ('FER+ fer2013new.csv', text(('Training', 'training')),
     "row 2, Usage: 'training'"),
    ('RAF-DB list', text(('train_00003', 'Train_00003')), 'row 3: expected a'),
    ('table.csv', text(('a/7.png,', 'a/7.png,"')), 'row 9: .*quote'),
    # Cells that are no name and no number.
    ('table.csv', text(('a/0.png', 'a')), 'missing'),
    ('table.csv', text(('a/0.png', 'a/0\x00.png')), r"row 2: 'a/0\?.png'"),
    ('table.csv', text(('a/0.png', 'x/' * 3000)), 'missing'),
    ('table.csv', text(('comment', 'label'), ('ok', '\u00b2')),
     'row 2, label: '),
    ('table.csv', text(('comment', 'label'), ('ok', '9' * 5000)),
     'row 2, label: '),
    ('JSON lines', text(('"a/0.png"', '"\\ud800"')), r"row 1: '\?'"),
    ('JSON lines', text((': {"neutral": ', ': {"neutral": ' + '9' * 400)),
     'row 1, vote_neutral'),
    ('JSON lines', text(('{"neutral"', '[' * 10_000 + '{"neutral"')),
     'row 1: no JSON .*nested'),
    ('AffectNet csv', text(('1/0.jpg', ' ')), "row 2: '' is no path"),
    ('AffectNet csv', text(('1/0.jpg', '/etc/passwd')), "row 2: '/etc/pass"),
    ('AffectNet npy', npz, 'holds several arrays'),
    ('npy', npz, 'holds several arrays'),
    ('npy', huge, 'no plain npy array'),
    ('npy, paths', lambda data: data + b'\n\xff', 'paths.txt is not UTF-8'),
    ('router.json', text(('0.125', '1' + '0' * 400)), 'tau_epistemic is'),
    ('router.json', text(('"kind"', '"tau_epistemic": 9, "kind"')),
     "'tau_epistemic' stands twice"),
    ('router.json', text(('{"images"', '{"a":' * 9000 + '{"images"')),
     'nested too deeply'),
    ('AU prior', text(('0.95', 'much')), "'much'; expected a probability"),
    ('AU prior', text(('unnamed: ', 'unnamed: [')), 'no yaml'),
])
def test_damage_is_named(name, change, message, tmp_path):
    reader = READERS[name]
    reader.lay_out(tmp_path)
    (tmp_path / reader.file).write_bytes(change(reader.seed))
    with pytest.raises((ValueError, KeyError, FileNotFoundError),
                       match=message) as found:
        reader.load(tmp_path)
    assert type(found.value) in (ValueError, KeyError, FileNotFoundError)


def test_a_box_without_end_is_none(tmp_path):
    reader = READERS['AffectNet csv']
    reader.lay_out(tmp_path)
    data = text(('1/3.jpg,4', '1/3.jpg,inf'))(reader.seed)
    assert reader.outcome(tmp_path, data) == 'loaded'
    found = [reader.load(tmp_path).get_data_info(i) for i in range(5)]
    assert ['box' in item for item in found] == [True] * 3 + [False, True]
