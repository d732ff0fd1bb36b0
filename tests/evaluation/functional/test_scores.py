"""The compared scores."""

from dataclasses import replace

import numpy as np

from uar_mmpretrain.evaluation.functional import uncertainty_scores


def test_names_and_values(table):
    scores = uncertainty_scores(table, 'variance')
    assert list(scores) == ['epistemic', 'total', 'aleatoric',
                            'least_confidence']
    np.testing.assert_allclose(scores['total'],
                               scores['epistemic'] + scores['aleatoric'])
    np.testing.assert_allclose(scores['least_confidence'],
                               1 - table.mean_scores.max(1))
    np.testing.assert_array_equal(scores['total'],
                                  table.decompose('variance').total)


def test_members_that_agree_tie_exactly(table):
    same = np.broadcast_to(table.member_scores[:, :1],
                           table.member_scores.shape)
    agreed = replace(table, member_scores=same)
    assert agreed.decompose().epistemic.any()
    assert not uncertainty_scores(agreed)['epistemic'].any()


def test_a_single_member_has_no_epistemic_score(make_table):
    assert 'epistemic' not in uncertainty_scores(make_table(num_members=1))
