import numpy as np
import pytest

from uar_mmpretrain.datasets.label_checks import (
    check_labels_agree,
    check_shares,
    drop_without_votes,
    fold_doubles,
)
from uar_mmpretrain.datasets.records import LabelRecords

OWN = ('neutral', 'happiness')


def records(paths='abc', **parts):
    paths = list(paths)
    rows = np.arange(2, len(paths) + 2)
    return LabelRecords('x.csv', paths, rows, OWN, **parts)


def votes(*rows):
    return np.array(rows, dtype=float)


def test_check_shares_collects_all_findings():
    with pytest.raises(ValueError, match=r'row 2 \(a\): all votes are 0.*'
                       r'2 rows like it \(2, 4\)'):
        check_shares(records(votes=votes([0, 0], [1, 2], [0, 0])))
    extra = dict(extra_votes=votes([10], [0], [1]), extra_names=('nf', ))
    kept = check_shares(records(votes=votes([0, 0], [1, 2], [0, 0]), **extra))
    assert len(kept) == 3


def test_probabilities_count_the_extra_columns_too():
    shares = records(
        'ab', probs=votes([.5, .3], [.5, .5]), extra_votes=votes([.2], [0]))
    assert not check_shares(shares).notes
    with pytest.raises(ValueError, match='row 2: probabilities sum to 0.8'):
        check_shares(shares.replace(extra_votes=None))


@pytest.mark.parametrize('sum_, notes', [(1 + 5e-5, 0), (1.005, 1)])
def test_small_deviations_are_renormalised(sum_, notes):
    shares = records('ab', probs=votes([.5, sum_ - .5], [.5, .5]))
    checked = check_shares(shares)
    np.testing.assert_allclose(checked.probs.sum(axis=1), 1)
    assert len(checked.notes) == notes


def test_drop_without_votes_up_to_five_percent():
    many = votes(*[[1, 2]] * 19, [0, 0])
    kept = drop_without_votes(records('abcdefghijklmnopqrst', votes=many))
    assert len(kept) == 19 and 'left out 1 image' in kept.notes[0]
    assert kept.notes[0].endswith(': t.')
    with pytest.raises(ValueError, match='1 of 19 images are without a vote'):
        drop_without_votes(
            records('bcdefghijklmnopqrst', votes=many[1:]))


def test_fold_doubles_keeps_the_first_of_three():
    triple = records('abaa', votes=votes([1, 2], [3, 4], [1, 2], [1, 2]))
    folded = fold_doubles(triple)
    assert folded.paths == ['a', 'b'] and folded.rows.tolist() == [2, 3]
    assert len(folded.notes) == 2
    other = triple.replace(labels=np.array([0, 0, 0, 1]))
    with pytest.raises(ValueError, match='rows 2 and 5 both name a with'):
        fold_doubles(other)
    assert fold_doubles(other, keep_first=True).paths == ['a', 'b']


def test_a_tie_agrees_with_each_of_its_winners():
    tied = records('ab', votes=votes([5, 5], [5, 5]), labels=np.array([0, 1]))
    assert check_labels_agree(tied).notes == ()
