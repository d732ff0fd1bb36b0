"""Mutual learning, aggregation, fused targets, ranks and ramps."""

import math

import pytest
import torch
from mmengine.logging import MessageHub
from mmpretrain.registry import MODELS
from torch.nn.functional import cross_entropy

from uar_mmpretrain.models import SoftTargetLoss
from uar_mmpretrain.models.poi import (
    MutualKLLoss,
    RankMarginLoss,
    aggregate,
    cosine_factor,
    fused_target,
    ramp_factor,
    rescale,
    training_progress,
)
from uar_mmpretrain.uncertainty import decompose

THREE = torch.tensor([[.7, .2, .1], [.4, .5, .1], [.1, .2, .7]])


def test_mutual_divergence():
    loss = MODELS.build(dict(type='MutualKLLoss'))
    assert loss(THREE.log()[None]).item() == pytest.approx(.772698, abs=1e-6)
    assert loss(THREE[[0, 0, 0]].log()[None]).item() == pytest.approx(0)
    assert MutualKLLoss(2.)(THREE.log()[None]).item() == pytest.approx(
        1.545396, abs=1e-6)


def test_mutual_divergence_is_the_pairwise_one_of_members():
    scores = torch.rand(6, 4, 5).softmax(-1)
    epkl = decompose(scores, 'pairwise_kl').epistemic.mean()
    # with the pairs of a member with itself, whose divergence is 0
    assert MutualKLLoss()(scores.log()).item() == pytest.approx(
        epkl.item() * 4 / 3, rel=1e-5)


def test_only_the_student_learns():
    """The gradient for KL(p || q) with respect to the student is q - p."""
    logits = torch.randn(1, 2, 3, requires_grad=True)
    MutualKLLoss()(logits).backward()
    p, q = logits.detach().softmax(-1)[0]
    assert torch.allclose(logits.grad[0], torch.stack([p - q, q - p]) / 2,
                          atol=1e-6)


def test_the_sharpest_counts_most():
    scores = torch.tensor([[.4, .3, .3], [.9, .05, .05], [.6, .2, .2]])
    q, weights = aggregate(scores.log()[None])
    assert weights[0].argsort().tolist() == [0, 2, 1]
    assert torch.allclose(q.sum(1), torch.ones(1))
    assert torch.allclose(weights.sum(1), torch.ones(1))
    # e^-H for each, H in nats
    e = torch.exp((scores * scores.log()).sum(1))
    assert torch.allclose(weights[0], e / e.sum())
    assert torch.allclose(q[0], (e / e.sum()) @ scores)


def test_equally_sharp_ones_count_alike():
    scores = torch.tensor([[.7, .2, .1], [.2, .1, .7]])
    q, weights = aggregate(scores.log()[None])
    assert torch.allclose(weights, torch.full((1, 2), .5))
    assert torch.allclose(q[0], scores.mean(0))


def test_fused_target():
    q = torch.tensor([[.5, .3, .2]])
    label = torch.tensor([0])
    target = fused_target(torch.tensor([.6]), label, q)
    assert torch.allclose(target, torch.tensor([[.8, .12, .08]]))
    assert torch.equal(fused_target(torch.zeros(1), label, q), q)
    other = fused_target(torch.zeros(1), torch.tensor([2]), q)
    assert torch.equal(other, q)


def test_full_confidence_is_cross_entropy():
    logits, labels = torch.randn(5, 3), torch.tensor([0, 1, 2, 1, 0])
    target = fused_target(torch.ones(5), labels, torch.rand(5, 3).softmax(1))
    assert SoftTargetLoss()(logits, target).item() == pytest.approx(
        cross_entropy(logits, labels).item())


def test_targets_and_rescaling_stop_gradients():
    confidence = torch.rand(4, requires_grad=True)
    q = torch.rand(4, 3, requires_grad=True)
    assert not rescale(confidence).requires_grad
    labels = torch.zeros(4, dtype=torch.long)
    assert not fused_target(confidence, labels, q).requires_grad


def test_rescaling():
    found = rescale(torch.tensor([.5, .6, .7]))
    assert torch.allclose(found, torch.tensor([.2, .6, 1.]))
    assert torch.allclose(rescale(torch.full((3, ), .4)),
                          torch.full((3, ), .2))
    for confidence in torch.rand(200, 5):
        assert rescale(confidence).max() <= 1


C = torch.tensor([.9, .8, .3, .2, .6])


@pytest.mark.parametrize('margin, loss', [(.15, 0.), (.6, .083333)])
def test_rank_loss(margin, loss):
    module = MODELS.build(dict(type='RankMarginLoss', margin=margin))
    assert module(C).item() == pytest.approx(loss, abs=1e-6)
    assert module(C[[3, 1, 4, 0, 2]]).item() == pytest.approx(loss, abs=1e-6)


def test_rank_loss_pulls_the_groups_apart():
    confidence = C.clone().requires_grad_()
    RankMarginLoss(margin=.6)(confidence).backward()
    assert torch.allclose(confidence.grad, torch.tensor(
        [-1 / 3, -1 / 3, 1 / 2, 1 / 2, -1 / 3]))


def test_one_image_has_no_ranks():
    assert RankMarginLoss()(C[:1]).item() == 0


@pytest.mark.parametrize('share', [0., 1.])
def test_a_group_must_not_be_empty(share):
    with pytest.raises(ValueError, match='share'):
        RankMarginLoss(share)


def test_schedules():
    assert ramp_factor(0, end=.3) == pytest.approx(math.exp(-5))
    assert ramp_factor(.15, end=.3) == pytest.approx(math.exp(-5 / 4))
    assert ramp_factor(.3, end=.3) == ramp_factor(1, end=.3) == 1
    assert ramp_factor(0, end=0) == ramp_factor(.1, end=0) == 1
    assert cosine_factor(0) == 1
    assert cosine_factor(.5) == pytest.approx(.65)
    assert cosine_factor(1) == pytest.approx(.3)


def test_progress_is_the_runners(monkeypatch):
    hub = MessageHub('a training')
    monkeypatch.setattr(MessageHub, 'get_current_instance', lambda: hub)
    assert training_progress() == 1
    hub.update_info_dict(dict(iter=30, max_iters=120))
    assert training_progress() == .25
