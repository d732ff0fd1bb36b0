"""Tables sort and check themselves."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import PredictionTable
from uar_mmpretrain.uncertainty import decompose


def test_rows_are_sorted_whatever_order_they_come_in(table):
    order = np.random.default_rng(0).permutation(len(table))
    shuffled = table.select(order)
    for name in ('image_id', 'corruption', 'severity', 'label', 'eval_label',
                 'member_scores', 'votes'):
        np.testing.assert_array_equal(getattr(shuffled, name),
                                      getattr(table, name))
    keys = list(zip(table.image_id, table.corruption, table.severity))
    assert keys == sorted(keys)


def test_select(table):
    assert len(table) == 60 * 7
    assert len(table.clean()) == 60
    assert set(table.clean().corruption) == {'clean'}
    strong = table.at_severity(5)
    assert len(strong) == 180 and set(strong.severity) == {5}
    assert not strong.is_clean.any()


def test_decomposes_in_double_precision(table):
    found = table.decompose('variance')
    assert found.total.dtype == np.float64
    np.testing.assert_array_equal(
        found.epistemic,
        decompose(table.member_scores.astype(np.float64),
                  'variance').epistemic)


def test_mean_scores(table):
    np.testing.assert_allclose(table.mean_scores.sum(1), 1, atol=1e-6)
    assert table.num_members == 3


def test_votes_may_be_missing(table):
    votes = table.votes.copy()
    votes[table.image_id == 'test/0003.png'] = 0
    some = replace(table, votes=votes)
    assert (~some.voted).sum() == 7
    assert np.isnan(some.vote_entropy()[~some.voted]).all()
    none = replace(table, votes=None)
    assert not none.voted.any() and np.isnan(none.vote_entropy()).all()


def test_actions_stay_with_their_rows(table):
    routed = table.with_action(np.arange(len(table)) % 3)
    assert routed.action.dtype == np.int8
    np.testing.assert_array_equal(routed.at_severity(1).action,
                                  routed.action[routed.severity == 1])


def row(**changes):
    return dict(
        dict(image_id=['a.png'], corruption=['clean'], severity=[0],
             label=[0], eval_label=[-1], member_scores=[[[.5, .5]]],
             classes=('x', 'y')), **changes)


@pytest.mark.parametrize('changes, message', [
    (dict(severity=[0, 0]), r'severity has shape \(2,\); expected \(1,\)'),
    (dict(member_scores=[[.5, .5]]), r'member_scores.*\(R, M, C\)'),
    (dict(classes=('x', )), 'expected .* for 1 rows and 1 classes'),
    (dict(label=[2]), "label of image 'a.png' .* is 2; expected -1 to 1"),
    (dict(eval_label=[-2]), 'eval_label of image'),
    (dict(corruption=['fog']), "'a.png' .fog, severity 0.*more for every"),
    (dict(severity=[3]), "0 for 'clean'"),
    (dict(member_scores=[[[np.nan, .5]]]), 'finite probabilities'),
    (dict(votes=[[-1, 2]]), 'counts of at least 0'),
    (dict(votes=[[1, 2, 3]]), 'votes has shape'),
])
def test_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        PredictionTable(**row(**changes))


def test_refuses_a_row_that_occurs_twice(table):
    rows = np.r_[np.arange(len(table)), 5]
    with pytest.raises(ValueError, match=r'each \(image, corruption, sever'):
        table.select(rows)


def test_fingerprint_is_of_images_with_labels(table):
    mark = table.data_fingerprint()
    order = np.random.default_rng(0).permutation(len(table))
    scores = np.flip(table.member_scores, -1)
    for same in (table.clean(), table.at_severity(5), table.select(order),
                 replace(table, member_scores=scores)):
        assert same.data_fingerprint() == mark
    fewer = table.select(table.image_id != 'test/0003.png')
    votes = table.votes + (table.image_id == 'test/0003.png')[:, None]
    for other in (fewer, replace(table, votes=votes),
                  replace(table, votes=None),
                  replace(table, label=(table.label + 1) % 4)):
        assert other.data_fingerprint() != mark
