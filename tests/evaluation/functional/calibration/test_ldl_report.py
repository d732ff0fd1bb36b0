"""Label distribution measures of a whole table."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import PredictionTable, ldl_report

NAMES = ('kl', 'js', 'chebyshev', 'clark', 'canberra', 'cosine',
         'intersection')


def test_by_hand():
    """One face of known distances, and one that is met exactly."""
    table = PredictionTable(
        image_id=['a', 'b'], corruption=['clean'] * 2, severity=[0, 0],
        label=[0, 0], eval_label=[0, 0], classes=('x', 'y', 'z'),
        member_scores=[[[.6, .2, .2], [.4, .4, .2]], [[.5, .5, 0]] * 2],
        votes=[[6, 4, 0], [5, 5, 0]])
    values = ldl_report(table, num_resamples=5).values
    expected = dict(kl=.224466, js=.075174, chebyshev=.2, clark=1.014235,
                    canberra=1.233766)
    for name, value in expected.items():
        assert values[name] == pytest.approx(value / 2, abs=1e-6)
    assert values['cosine'] == pytest.approx((.944835 + 1) / 2, abs=1e-6)
    assert values['intersection'] == pytest.approx((.8 + 1) / 2, abs=1e-6)
    assert values['num_images_with_votes'] == 2


def test_intervals_hold_their_values(table):
    values = ldl_report(table, num_resamples=200).values
    for name in NAMES:
        assert values[f'{name}_low'] < values[name] < values[f'{name}_high']


def test_clean_voted_rows_only(table):
    expected = ldl_report(table.clean(), num_resamples=5).values
    assert ldl_report(table, num_resamples=5).values == expected
    votes = np.where(table.image_id[:, None] == table.image_id[0], 0,
                     table.votes)
    found = ldl_report(replace(table, votes=votes), num_resamples=5).values
    assert found['num_images_with_votes'] == 59
    assert all(np.isfinite(list(found.values())))


def test_without_votes_there_is_a_reason(table):
    found = ldl_report(replace(table, votes=None))
    assert found.values == {'num_images_with_votes': 0}
    assert 'no clean image has votes' in found.notes['ldl']
