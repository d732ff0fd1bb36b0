"""What soft labels teach: on a toy set with known mixtures.

The first coordinate decides which of two classes most people see, the second
how many of them. Hard labels hold nothing of the second.
"""

import pytest
import torch
from mmpretrain.structures import DataSample
from scipy.stats import spearmanr

from uar_mmpretrain.models import DirichletHead, EnsembleClsHead


@pytest.fixture(scope='module')
def toy():
    """Features, true distributions and ten votes each for 400 images."""
    draw = torch.Generator().manual_seed(0)
    side, clarity = torch.rand(2, 400, generator=draw) * 2 - 1
    side = side.sign()
    share = .72 + .2 * clarity
    truth = torch.stack([share, 1 - share, torch.zeros(400)], dim=1)
    truth = torch.where(side[:, None] > 0, truth, truth[:, [1, 0, 2]])
    votes = torch.stack([
        torch.bincount(row.multinomial(10, True, generator=draw), minlength=3)
        for row in truth
    ]).float()
    points = torch.stack([side, clarity], dim=1)
    hidden = torch.randn(2, 32, generator=draw)
    # Each unit with its mirror image: nothing but the targets tells the
    # clear faces from the others.
    hidden = torch.cat([hidden, hidden * torch.tensor([[1.], [-1.]])], dim=1)
    shift = torch.randn(32, generator=draw).repeat(2)
    features = (points @ hidden + shift).relu()
    return features, truth, votes


def train(head, features, targets, votes):
    torch.manual_seed(0)
    head.init_weights()
    samples = []
    for target, counts in zip(targets, votes):
        sample = DataSample().set_gt_score(target)
        sample.set_field(counts, 'gt_votes')
        samples.append(sample)
    optimizer = torch.optim.Adam(head.parameters(), lr=.03)
    for _ in range(250):
        optimizer.zero_grad()
        head.loss((features, ), samples)['loss'].backward()
        optimizer.step()
    head.eval()
    with torch.no_grad():
        return head.predict((features, ))


def rank_correlation(samples, truth):
    entropy = torch.special.entr(truth).sum(1)
    return spearmanr([sample.total for sample in samples], entropy).statistic


@pytest.mark.parametrize('loss', [
    dict(type='CrossEntropyLoss', use_soft=True),
    dict(type='SoftTargetLoss', divergence='kl'),
    dict(type='SoftTargetLoss', divergence='js'),
], ids=['ce', 'kl', 'js'])
def test_soft_targets_teach_the_entropy(toy, loss):
    features, truth, votes = toy
    found = train(EnsembleClsHead(3, 64, loss=loss), features, truth, votes)
    assert rank_correlation(found, truth) > .9


def test_hard_targets_do_not(toy):
    features, truth, votes = toy
    hard = torch.eye(3)[truth.argmax(1)]
    found = train(EnsembleClsHead(3, 64), features, hard, votes)
    right = [sample.pred_label.item() == label.argmax().item()
             for sample, label in zip(found, hard)]
    assert sum(right) > 380
    assert abs(rank_correlation(found, truth)) < .5
    assert max(sample.total for sample in found) < .1


def test_ten_votes_teach_a_dirichlet_the_entropy(toy):
    features, truth, votes = toy
    found = train(DirichletHead(3, 64), features, truth, votes)
    assert rank_correlation(found, truth) > .9
    scores = torch.stack([sample.pred_score for sample in found])
    assert (scores - truth).abs().mean() < .04
    assert all(sample.epistemic < sample.aleatoric for sample in found)
