import hashlib

import numpy as np
import pytest

from uar_mmpretrain.datasets.records import LabelRecords
from uar_mmpretrain.datasets.summary import (
    class_counts,
    file_digest,
    summarize,
)
from uar_mmpretrain.datasets.targets import make_targets

OWN = ('neutral', 'happiness')
FIELDS = dict(
    num_images=3,
    num_named=4000,
    label_rule='raw',
    eval_rule='argmax',
    label_file='x.csv',
    label_sha256='0123456789abcdef')


def test_class_counts_and_digest(tmp_path):
    assert class_counts(np.array([0, -1, 1, 1]), OWN) == dict(
        neutral=1, happiness=2)
    (tmp_path / 'x').write_bytes(b'abc')
    assert file_digest(tmp_path / 'x') == hashlib.sha256(b'abc').hexdigest()


@pytest.mark.parametrize('votes, text', [
    ([[5, 5], [10, 0], [0, 10]], '  10 votes per image   mean vote entropy '
     '0.231 nats   ties 1'),
    ([[5, 5], [10, 0], [0, 9]], '10 votes per image, except 1 with 9'),
    ([[5, 5], [3, 0], [0, 9]], '3 votes per image, except 1 with 9 and 1'),
    ([[i, 1] for i in range(6)], '1 to 6 votes per image, mean 3.5'),
])
def test_votes_per_image(votes, text):
    votes = np.array(votes, dtype=float)
    records = LabelRecords('x.csv', [''] * len(votes), np.arange(len(votes)),
                           OWN, votes=votes, notes=('a note', ))
    targets = make_targets(records, OWN, 'raw', 'argmax')
    lines = summarize('Faces', FIELDS, records, targets, OWN).splitlines()
    assert lines[0] == ('Faces   3 of 4,000 images   labels: x.csv '
                        '(sha256 0123456789ab)')
    assert text in lines[3] and lines[4] == '  a note'
