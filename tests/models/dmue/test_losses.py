"""The four losses of DMUE, on values worked out by hand."""

import math

import pytest
import torch
import torch.nn.functional as F

from uar_mmpretrain.models.dmue import (
    auxiliary_loss,
    class_similarities,
    confident_loss,
    latent_loss,
    latent_targets,
    relabel,
    similarity_loss,
)


def logits_of(*rows):
    return torch.tensor(rows).log()


def test_classes_are_numbered_without_the_branchs_own():
    labels = torch.tensor([0, 2, 1, 2])
    assert relabel(labels, 1).tolist() == [0, 1, 1]
    assert relabel(labels, 0).tolist() == [1, 0, 1]
    assert relabel(labels, 2).tolist() == [0, 1]


def test_auxiliary_loss_is_the_mean_over_branches():
    labels = torch.tensor([0, 1, 2])
    sure = torch.tensor([[30., 0.], [0., 30.]])
    unsure = torch.zeros(2, 2)
    # Branches 0 and 2 know, branch 1 guesses among two classes.
    loss = auxiliary_loss([sure, unsure, sure], labels)
    assert loss.item() == pytest.approx(math.log(2) / 3)


def test_a_branch_without_images_is_left_out():
    logits = [torch.zeros(0 if branch == 1 else 4, 2, requires_grad=True)
              for branch in range(3)]
    loss = auxiliary_loss(logits, torch.full((4, ), 1))
    loss.backward()
    assert loss.item() == pytest.approx(2 / 3 * math.log(2))
    assert logits[1].grad.numel() == 0 and logits[0].grad.abs().sum() > 0


@pytest.mark.parametrize('temperature, expected', [
    (1.2, [.645312, .227185, .127503]),
    (.5, [.907407, .074074, .018519]),
    (1., [.7, .2, .1]),
])
def test_temperature(temperature, expected):
    targets = latent_targets(logits_of([.7, .2, .1]), torch.tensor([0]),
                             temperature)
    assert targets[0].tolist() == pytest.approx([0., *expected], abs=1e-6)


@pytest.mark.parametrize('label, expected', [
    (0, [0., .6, .4]), (1, [.6, 0., .4]), (2, [.6, .4, 0.])])
def test_a_zero_is_put_in_at_the_images_class(label, expected):
    targets = latent_targets(logits_of([.6, .4]), torch.tensor([label]), 1.)
    assert targets[0].tolist() == pytest.approx(expected)


def test_zeros_of_a_batch_go_to_their_own_rows():
    labels = torch.tensor([2, 0, 1])
    targets = latent_targets(torch.randn(3, 2), labels, 1.2)
    assert (targets == 0).nonzero().tolist() == [[0, 2], [1, 0], [2, 1]]
    assert targets.sum(1).tolist() == pytest.approx([1.] * 3)


def test_latent_loss():
    logits = torch.tensor([[2., 1., 0.], [0., 0., 0.]])
    targets = torch.tensor([[0., .7, .3], [.6, .4, 0.]])
    loss = latent_loss(logits, targets, torch.tensor([0, 2]))
    assert loss.item() == pytest.approx(.05448581, abs=1e-7)


def test_latent_targets_pass_no_gradient():
    source = torch.randn(4, 2, requires_grad=True)
    logits = torch.randn(4, 3, requires_grad=True)
    labels = torch.tensor([0, 1, 2, 1])
    latent_loss(logits, latent_targets(source, labels, 1.2),
                labels).backward()
    assert source.grad is None and logits.grad.abs().sum() > 0


def test_similarity_loss():
    auxiliary = torch.tensor([[1., 0.], [1., 1.]])
    main = torch.tensor([[2., 0.], [0., 1.]])
    expected = pytest.approx(.19923301, abs=1e-7)
    assert similarity_loss(auxiliary, main).item() == expected
    assert similarity_loss(10 * auxiliary, main).item() == expected
    assert similarity_loss(auxiliary, 10 * main).item() == expected
    assert similarity_loss(main, main).item() == 0


def test_both_sides_of_the_similarity_learn():
    sides = [torch.randn(3, width, requires_grad=True) for width in (2, 5)]
    similarity_loss(*sides).backward()
    assert all(side.grad.abs().sum() > 0 for side in sides)


def test_similarity_to_classes():
    features = torch.tensor([[1., 0.], [1., 1.], [0., 1.], [0., 2.]])
    labels = torch.tensor([0, 0, 1, 1])
    # Class means (.8536, 0), (.8536, .7071), (.3536, 1), (.3536, 1).
    found = class_similarities(features, labels, 2)
    torch.testing.assert_close(
        found, torch.tensor([[1., 0.], [1., 0.], [0., 1.], [0., 1.]]))


def test_class_means_and_stretching_of_three_classes():
    features = torch.tensor([[1., 0.], [3., 4.], [0., 1.]])
    found = class_similarities(features, torch.tensor([0, 1, 2]), 3)
    # Cosines (1, .6, 0), (.6, 1, .8), (0, .8, 1).
    torch.testing.assert_close(found, torch.tensor(
        [[1., .6, 0.], [0., 1., .5], [0., .8, 1.]]))


def test_equal_similarities_are_finite():
    features = torch.ones(4, 2, requires_grad=True)
    found = class_similarities(features, torch.tensor([0, 1, 0, 1]), 2)
    found.sum().backward()
    assert found.isfinite().all() and features.grad.isfinite().all()


@pytest.mark.parametrize('confidence, expected', [
    (1., .407606), (.5, .680270), (0., math.log(3))])
def test_doubt_flattens_the_logits(confidence, expected):
    loss = confident_loss(torch.tensor([[2., 1., 0.]]),
                          torch.tensor([confidence]), torch.tensor([0]))
    assert loss.item() == pytest.approx(expected, abs=1e-6)


def test_each_image_has_its_own_confidence():
    logits = torch.tensor([[2., 1., 0.], [2., 1., 0.]])
    loss = confident_loss(logits, torch.tensor([1., .5]),
                          torch.tensor([0, 0]))
    assert loss.item() == pytest.approx((.407606 + .680270) / 2, abs=1e-6)
    assert F.cross_entropy(logits, torch.tensor([0, 0])) < loss
