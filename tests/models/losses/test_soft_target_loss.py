"""Divergences from label distributions."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from mmpretrain.models.losses import CrossEntropyLoss
from mmpretrain.registry import MODELS
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from uar_mmpretrain.models import EnsembleClsHead, SoftTargetLoss

TARGET = torch.tensor([[.6, .4, 0.]])
LOGITS = torch.tensor([[.5, .3, .2]]).log()


def batch(n=5, classes=4, seed=0):
    rng = np.random.default_rng(seed)
    logits = torch.from_numpy(rng.normal(size=(n, classes))).float()
    target = torch.from_numpy(rng.dirichlet([.5] * classes, n)).float()
    return logits.requires_grad_(), target


def gradient(loss, logits, target):
    return torch.autograd.grad(loss(logits, target), logits)[0]


@pytest.mark.parametrize('divergence, value', [
    ('kl', .224466), ('js', .075174)])
def test_hand_values(divergence, value):
    loss = SoftTargetLoss(divergence)
    assert loss(LOGITS, TARGET).item() == pytest.approx(value, abs=1e-6)
    weighted = SoftTargetLoss(divergence, loss_weight=2.)
    assert weighted(LOGITS, TARGET).item() == pytest.approx(
        2 * value, abs=2e-6)


def test_cross_entropy_is_the_divergence_plus_the_targets_entropy():
    ce = CrossEntropyLoss(use_soft=True)(LOGITS, TARGET).item()
    assert ce == pytest.approx(.897477, abs=1e-6)
    kl = SoftTargetLoss('kl')(LOGITS, TARGET).item()
    assert ce - kl == pytest.approx(.673012, abs=1e-6)


def test_both_agree_with_scipy():
    logits, target = batch(50)
    p, q = logits.detach().softmax(-1).numpy(), target.numpy()
    kl = np.mean([entropy(a, b) for a, b in zip(q, p)])
    js = np.mean(jensenshannon(q, p, axis=1)**2)
    assert SoftTargetLoss('kl')(logits, target).item() == pytest.approx(
        kl, abs=1e-5)
    assert SoftTargetLoss('js')(logits, target).item() == pytest.approx(
        js, abs=1e-5)


def test_cross_entropy_and_kl_have_the_same_gradient():
    logits, target = batch()
    torch.testing.assert_close(
        gradient(SoftTargetLoss('kl'), logits, target),
        gradient(CrossEntropyLoss(use_soft=True), logits, target))


def test_kl_from_one_hot_labels_is_ordinary_cross_entropy():
    logits, _ = batch()
    labels = torch.tensor([0, 3, 1, 1, 2])
    loss = SoftTargetLoss('kl')(logits, F.one_hot(labels, 4).float())
    torch.testing.assert_close(loss, F.cross_entropy(logits, labels))


def test_js_is_symmetric():
    (_, p), (_, q) = batch(seed=1), batch(seed=2)
    loss = SoftTargetLoss('js')
    torch.testing.assert_close(loss(p.log(), q), loss(q.log(), p))


@pytest.mark.parametrize('divergence', ['kl', 'js'])
def test_a_perfect_prediction_costs_nothing_and_pulls_nowhere(divergence):
    _, target = batch()
    logits = target.log().requires_grad_()
    loss = SoftTargetLoss(divergence)
    assert loss(logits, target).item() == pytest.approx(0, abs=1e-6)
    assert gradient(loss, logits, target).abs().max() < 1e-6


def test_js_is_bounded_and_its_slope_finite_where_nothing_overlaps():
    logits = torch.tensor([[300., 0., -300.]], requires_grad=True)
    target = torch.tensor([[0., 0., 1.]])
    loss = SoftTargetLoss('js')
    assert loss(logits, target).item() == pytest.approx(math.log(2))
    assert torch.isfinite(gradient(loss, logits, target)).all()


@pytest.mark.parametrize('divergence', ['kl', 'js'])
def test_the_slope_is_that_of_the_value(divergence):
    logits, target = batch()
    target[0] = torch.tensor([0., 1., 0., 0.])
    loss = SoftTargetLoss(divergence)
    found = gradient(loss, logits, target)[0, 2].item()
    step = torch.zeros_like(logits)
    step[0, 2] = 1e-2
    expected = (loss(logits + step, target) - loss(logits - step, target))
    assert found == pytest.approx(expected.item() / 2e-2, abs=1e-4)


def test_weights_and_the_average_factor():
    logits, target = batch(2)
    loss = SoftTargetLoss('kl')
    each = [loss(logits[i:i + 1], target[i:i + 1]).item() for i in range(2)]
    weighted = loss(logits, target, weight=torch.tensor([3., 1.]),
                    avg_factor=4.)
    assert weighted.item() == pytest.approx((3 * each[0] + each[1]) / 4)


def test_hard_labels_and_unknown_divergences_are_refused():
    logits, _ = batch()
    with pytest.raises(ValueError, match=r'targets of shape \(5,\).*gt_score'):
        SoftTargetLoss()(logits, torch.zeros(5).long())
    with pytest.raises(ValueError, match="'jsd'; expected one of kl, js"):
        SoftTargetLoss('jsd')


def test_heads_build_it_from_a_config():
    head = EnsembleClsHead(4, 5, loss=dict(type='SoftTargetLoss',
                                           divergence='js'))
    assert head.loss_module.divergence == 'js'
    linear = MODELS.build(dict(
        type='LinearClsHead', num_classes=4, in_channels=5,
        loss=dict(type='SoftTargetLoss')))
    assert isinstance(linear.loss_module, SoftTargetLoss)
