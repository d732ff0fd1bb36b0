"""A regression of the vote entropy beside a classifier."""

import math

import pytest
import torch
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

VOTES = torch.tensor([[.7, .3, 0.], [1., 0., 0.], [1 / 3] * 3])


def make(kind='EnsembleClsHead', **kwargs):
    torch.manual_seed(0)
    return MODELS.build(dict(
        type='EntropyHead', in_channels=5, hidden_channels=8,
        head=dict(type=kind, num_classes=3, in_channels=5), **kwargs))


@pytest.fixture
def feats():
    return (torch.randn(3, 5, generator=torch.Generator().manual_seed(1)), )


def samples():
    return [DataSample().set_gt_score(row) for row in VOTES]


def predict_always(head, share):
    """Let the regression give the same share for every image."""
    with torch.no_grad():
        head.regression[2].weight.zero_()
        head.regression[2].bias.fill_(math.log(share / (1 - share)))


def test_the_loss_by_hand(feats):
    head = make(loss_weight=2.)
    predict_always(head, .25)
    losses = head.loss(feats, samples())
    # shares of ln 3: .610864 / 1.098612 = .556033, 0 and 1
    expected = 2 * (.306033 + .25 + .75) / 3
    assert losses['loss_entropy'].item() == pytest.approx(expected, abs=1e-5)
    torch.testing.assert_close(losses['loss'],
                               head.head.loss(feats, samples())['loss'])


def test_predictions_are_the_other_heads_with_a_channel(feats):
    head = make()
    predict_always(head, .25)
    found, other = head.predict(feats), head.head.predict(feats)
    for sample, plain in zip(found, other):
        assert torch.equal(sample.member_scores, plain.member_scores)
        assert sample.channels == pytest.approx(
            dict(predicted_vote_entropy=.25 * math.log(3)))
    assert torch.equal(head(feats), head.head(feats))


def test_other_channels_are_kept(feats):
    sample = make('DirichletHead').predict(feats)[0]
    assert sample.channels.keys() == {
        'dirichlet_epistemic', 'dirichlet_aleatoric', 'vacuity',
        'predicted_vote_entropy'}
    assert 0 < sample.channels['predicted_vote_entropy'] < math.log(3)


def test_both_heads_train_the_features(feats):
    features = feats[0].requires_grad_()
    loss = make().loss((features, ), samples())
    both = [torch.autograd.grad(loss[name], features, retain_graph=True)[0]
            for name in ('loss', 'loss_entropy')]
    assert all(gradient.abs().max() > 0 for gradient in both)
