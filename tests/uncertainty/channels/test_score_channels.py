"""Channels of the members' scores, and the combination of channels."""

import numpy as np
import pytest
import torch
from scipy import stats

from uar_mmpretrain.uncertainty import decompose
from uar_mmpretrain.uncertainty.channels import (
    ChannelSet,
    EmpiricalPValue,
    EpistemicGivenAleatoric,
    Evidence,
    FeatureDensity,
    FisherCombination,
    LogitVariance,
)


def test_logit_variance_by_hand():
    # Centred: (1, -1) and (3, -3) -> variance 1 in both classes.
    logits = torch.tensor([[[1., -1.], [3., -3.]], [[5., 3.], [8., 6.]]])
    scores = LogitVariance().score(Evidence(logits))
    # The second image's members differ by a constant only.
    torch.testing.assert_close(scores, torch.tensor([1., 0.]))


@pytest.mark.parametrize('channel', [LogitVariance(),
                                     EpistemicGivenAleatoric()])
def test_one_member_cannot_disagree(channel):
    one = Evidence(torch.randn(50, 1, 3))
    with pytest.raises(ValueError, match='one member'):
        channel.fit(one, one)
        channel.score(one)


def test_z_scores_have_mean_0_and_spread_1_in_every_bin(evidence):
    channel, reference = EpistemicGivenAleatoric(num_bins=8), evidence(800)
    channel.fit(evidence(seed=5), reference)
    z = channel.score(reference).numpy()
    aleatoric = decompose(reference.logits.float().softmax(-1)).aleatoric
    bins = np.argsort(np.argsort(aleatoric)) // 100
    for b in range(8):
        assert z[bins == b].mean() == pytest.approx(0, abs=1e-4)
        assert z[bins == b].std() == pytest.approx(1, abs=1e-4)


def test_what_follows_from_the_aleatoric_part_is_gone(evidence):
    reference, new = evidence(4000), evidence(4000, seed=6)
    channel = EpistemicGivenAleatoric()
    channel.fit(new, reference)
    parts = decompose(new.logits.float().softmax(-1))
    before = stats.spearmanr(parts.aleatoric, parts.epistemic)[0]
    after = stats.spearmanr(parts.aleatoric, channel.score(new))[0]
    assert abs(after) < 0.2 < abs(before)


def test_equal_aleatoric_parts_give_finite_scores():
    same = Evidence(torch.tensor([[[2., 0.], [0., 2.]]]).repeat(60, 1, 1))
    channel = EpistemicGivenAleatoric(num_bins=5)
    channel.fit(same, same)
    assert channel.score(same).abs().max() < 1e3
    with pytest.raises(ValueError, match='60 reference images for 40 bins'):
        EpistemicGivenAleatoric(num_bins=40).fit(same, same)
    with pytest.raises(ValueError, match='num_bins is 0'):
        EpistemicGivenAleatoric(num_bins=0)


def test_p_values_count():
    p_value = EmpiricalPValue()
    p_value.fit(torch.tensor([3., 1., 2., 2.]))
    found = p_value.p_value(torch.tensor([0., 2., 2.5, 3., 9.]))
    torch.testing.assert_close(found, torch.tensor([5., 4., 2., 2., 1.]) / 5)


def test_p_values_are_super_uniform():
    # Exchangeable draws with many ties; averaged over calibration sets.
    rng = np.random.default_rng(0)
    p = []
    for _ in range(3000):
        draws = torch.from_numpy(rng.poisson(3, 20).astype(np.float32))
        p_value = EmpiricalPValue()
        p_value.fit(draws[1:])
        p.append(p_value.p_value(draws[:1]).item())
    for level in (0.05, 0.1, 0.25, 0.5, 0.75):
        error = (level * (1 - level) / len(p))**0.5
        assert np.mean(np.array(p) <= level + 1e-6) <= level + 4 * error
    # Not by calling everything in distribution.
    assert np.mean(np.array(p) <= 0.25) > 0.1


class Given(LogitVariance):
    """A channel whose scores are put in by hand."""

    def score(self, evidence):
        return evidence.features[self.name][0]


def test_fisher_equals_scipy():
    rng = np.random.default_rng(1)
    draw = {name: [torch.from_numpy(rng.normal(size=99))]
            for name in ('a', 'b', 'c')}
    data = Evidence(torch.zeros(99, 2, 3), draw)
    channels = ChannelSet([Given('a'), Given('b'), Given('c'),
                           FisherCombination(['a', 'c'])])
    channels.fit(data, data)
    new = Evidence(torch.zeros(99, 2, 3), {
        name: [torch.from_numpy(rng.normal(size=99))] for name in draw})
    found = channels.score(new)['fisher']
    for i in range(99):
        p = [(1 + (draw[n][0] >= new.features[n][0][i]).sum().item()) / 100
             for n in ('a', 'c')]
        expected = stats.combine_pvalues(p, 'fisher').statistic
        assert found[i].item() == pytest.approx(expected, rel=1e-5)


def test_a_set_is_fitted_scored_and_restored(evidence):
    def make():
        return ChannelSet([
            LogitVariance(), EpistemicGivenAleatoric(),
            FeatureDensity(['layer']),
            FisherCombination(['logit_variance', 'density'])])

    channels, restored = make(), make()
    assert channels.layers == ('layer', )
    with pytest.raises(RuntimeError, match='not fitted'):
        channels.score(evidence())
    channels.fit(evidence(), evidence(seed=1))
    restored.load_fitted(channels.fitted_state())
    new = evidence(seed=2)
    expected = {n: s.clone() for n, s in channels.score(new).items()}
    assert list(expected) == ['logit_variance', 'epistemic_given_aleatoric',
                              'density', 'fisher']
    for name, scores in restored.score(new).items():
        assert scores.shape == (400, )
        assert torch.equal(scores, expected[name])


def test_a_set_that_cannot_work_is_refused(evidence):
    with pytest.raises(ValueError, match='two channels are named'):
        ChannelSet([LogitVariance(), LogitVariance()])
    with pytest.raises(ValueError, match="'fisher' uses density, not listed"):
        ChannelSet([LogitVariance(),
                    FisherCombination(['logit_variance', 'density'])])
    with pytest.raises(ValueError, match='at least two channels'):
        FisherCombination(['density'])
    one = ChannelSet([LogitVariance()])
    with pytest.raises(ValueError, match='fitted channels are density'):
        one.load_fitted({'density': {}})
