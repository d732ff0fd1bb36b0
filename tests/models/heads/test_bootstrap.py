"""Bootstrap counts: fixed by image and member, Poisson(1) in law."""

import numpy as np
import pytest
from scipy import stats

from uar_mmpretrain.models.heads.bootstrap import poisson_weights

IDS = [f'FER2013Train/fer{i:07d}.png' for i in range(4000)]


@pytest.fixture(scope='module')
def counts():
    return poisson_weights(IDS, 3)


def test_whole_counts_of_the_right_shape(counts):
    assert counts.shape == (4000, 3) and counts.dtype == np.float32
    assert (counts >= 0).all() and (counts == counts.round()).all()
    assert poisson_weights(['a'], 1).shape == (1, 1)


def test_mean_and_variance_are_one(counts):
    # Standard errors at n = 4000: 0.016 and 0.027; five of them.
    assert counts.mean(0) == pytest.approx(np.ones(3), abs=0.08)
    assert counts.var(0) == pytest.approx(np.ones(3), abs=0.14)


def test_the_law_is_poisson(counts):
    seen = np.bincount(counts[:, 0].astype(int), minlength=6)
    seen = np.append(seen[:5], seen[5:].sum())
    law = stats.poisson(1.)
    expected = 4000 * np.append(law.pmf(range(5)), law.sf(4))
    assert stats.chisquare(seen, expected).pvalue > 1e-3


def test_members_and_images_differ(counts):
    correlation = np.corrcoef(counts.T)[np.triu_indices(3, 1)]
    assert abs(correlation).max() < 0.08
    assert len(np.unique(counts, axis=0)) > 50


def test_the_same_in_any_batch_and_epoch(counts):
    assert (poisson_weights(IDS, 3) == counts).all()
    order = np.random.default_rng(0).permutation(100)
    assert (poisson_weights([IDS[i] for i in order], 3) ==
            counts[order]).all()
    assert (poisson_weights(IDS[7:8], 3) == counts[7:8]).all()


def test_another_member_changes_nothing_for_the_first(counts):
    assert (poisson_weights(IDS, 5)[:, :3] == counts).all()


def test_global_randomness_is_left_alone():
    before = np.random.get_state()[1].copy()
    poisson_weights(IDS[:10], 2)
    assert (np.random.get_state()[1] == before).all()
