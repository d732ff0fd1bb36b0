"""The stored figures agree with the totals of the documentation."""

import re
from pathlib import Path

import pytest

from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
from uar_mmpretrain.datasets.checks import known_split

DOCS = Path(__file__).parents[3] / 'docs/datasets.md'


@pytest.mark.parametrize('label_file', ['label.csv', 'fer2013new.csv'])
def test_ferplus_agrees_with_the_docs(label_file):
    row, = re.findall(rf'^\| `{label_file}`: `official_majority` \|(.*)\|$',
                      DOCS.read_text(), re.M)
    kept = [int(cell.replace(',', '')) for cell in row.split('|')]
    splits = [known_split('FERPlus', f'a/b/{label_file}', split)
              for split in ('train', 'val', 'test')]
    assert [sum(one.classes.values()) for one in splits] == kept
    assert [one.named for one in splits] == [28558, 3579, 3573]
    assert [one.copies.get('train') for one in splits] == [None, 279, 288]


@pytest.mark.parametrize('dataset, label_file, split', [
    ('RAFDB', 'EmoLabel/list_patition_label.txt', 'trainval'),
    ('RAFDB', 'EmoLabel/list_patition_label.txt', 'test'),
    ('AffectNet', 'x/train_set/annotations', 'trainval'),
    ('AffectNet', 'val_set/annotations', 'test'),
    ('AffectNet', 'x/validation.csv', 'test'),
])
def test_hard_labels_add_up(dataset, label_file, split):
    known = known_split(dataset, label_file, split)
    assert sum(known.classes.values()) == known.named
    assert set(known.classes) <= set(CANONICAL_CLASSES)
    assert known.counted == (dataset == 'RAFDB')


def test_nothing_is_known_of_others():
    assert known_split('FERPlus', 'my_label.csv', 'train') is None
    assert known_split('FERPlus', 'label.csv', 'trainval') is None
    assert known_split('SoftLabelDataset', 'label.csv', 'train') is None
