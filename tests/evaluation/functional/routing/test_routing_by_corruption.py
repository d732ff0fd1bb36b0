"""Rejection and retention of each corruption."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    RoutingRows,
    RoutingSets,
    auroc,
    routing_rows,
)
from uar_mmpretrain.evaluation.functional.routing.matched_rejection import (
    MatchedRejection,
)
from uar_mmpretrain.evaluation.functional.routing.routing_by_corruption import (  # noqa: E501
    corruption_details,
    pooled_rejection,
)


@pytest.fixture(scope='module')
def setting(make_table):
    table = make_table(80, severities=(5, ))
    rows = routing_rows(table)
    score = table.decompose().epistemic
    return score[rows.ood], score[rows.clean], rows


def test_pooled_rejection_adds_up_to_the_realised_rate(setting):
    ood, clean, rows = setting
    found = corruption_details({'e': ood}, {'e': clean}, rows, .4)
    shares = [found[f'rejected_e_{name}']
              for name in np.unique(rows.corruption)]
    # Every corruption has one copy of every image.
    pooled = MatchedRejection(ood, clean, rows.sets, [.4]).held_out(
        rows.sets.halves)
    assert np.mean(shares) == pytest.approx(pooled.realised[0, 0])
    assert max(shares) > min(shares)


def test_one_split_by_hand():
    # Half 0 owns copies 1 3 5 7, half 1 owns 2 4 6 8.
    scores = np.arange(1., 9)
    half = np.arange(8) % 2
    sets = RoutingSets(8, np.arange(8), np.arange(8), np.arange(8) < 3,
                       half[None])
    # The threshold of half 0 is 4, that of half 1 is 5: 4 is not above 4.
    assert pooled_rejection(scores, sets, .5).tolist() == [
        0, 0, 0, 0, 0, 1, 1, 1]


def test_each_corruption_alone(setting):
    ood, clean, rows = setting
    found = corruption_details({'e': ood}, {'e': clean}, rows, .4)
    for name in np.unique(rows.corruption):
        copies = rows.corruption == name
        assert found[f'auroc_ambiguous_e_{name}'] == pytest.approx(
            auroc(ood[copies], clean[rows.sets.ambiguous]))
        # The pooled threshold plays no part: other copies may move.
        moved = np.where(copies, ood, ood + 5)
        other = corruption_details({'e': moved}, {'e': clean}, rows, .4)
        key = f'retention_e_{name}'
        assert other[key] == found[key]
        assert other[f'rejected_e_{name}'] < found[f'rejected_e_{name}']


def test_a_corruption_below_every_face_and_one_above():
    """No threshold that rejects the lower one keeps a face."""
    n = 40
    halves = np.stack([np.arange(n) % 2])
    sets = RoutingSets(n, np.tile(np.arange(n), 2), np.arange(n),
                       np.arange(n) < 10, halves)
    ood = np.r_[np.linspace(0, 1, n), np.linspace(8, 9, n)]
    clean = np.linspace(4, 5, n)
    rows = RoutingRows(np.arange(n), np.arange(2 * n), sets, np.ones((n, 2)),
                       np.repeat(['fog', 'snow'], n), 0.)
    found = corruption_details({'e': ood}, {'e': clean}, rows, .5)
    assert found['auroc_ambiguous_e_fog'] == 0 == found['retention_e_fog']
    assert found['auroc_ambiguous_e_snow'] == 1 == found['retention_e_snow']
    assert found['rejected_e_fog'] == 0 and found['rejected_e_snow'] == 1
