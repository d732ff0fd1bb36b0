"""Targets from similar images: the mixture, its gradients, the search."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from uar_mmpretrain.models.targets import NeighbourTargets, mix_with_neighbours

IDS = [f'{i}.png' for i in range(12)]


def made(seed=0, **kwargs):
    torch.manual_seed(seed)
    targets = NeighbourTargets(12, 3, 4, num_neighbours=3, **kwargs)
    targets.start(IDS)
    return targets


def epoch(seed=1):
    rng = np.random.default_rng(seed)
    features = torch.from_numpy(rng.normal(size=(12, 4))).float()
    scores = torch.from_numpy(rng.dirichlet(np.ones(3), 12)).float()
    labels = torch.eye(3)[torch.from_numpy(rng.integers(0, 3, 12))]
    return features, scores, labels


def after_an_epoch(rows=None, **kwargs):
    targets = made(**kwargs)
    features, scores, labels = epoch()
    rows = torch.arange(12) if rows is None else rows
    targets.observe(features[rows], scores[rows], rows)
    targets.end_epoch()
    return targets, features, scores, labels


def test_the_whole_share_gives_the_label():
    _, scores, labels = epoch()
    found = mix_with_neighbours(labels[:4], scores.view(4, 3, 3),
                                torch.rand(4, 3), torch.ones(4))
    torch.testing.assert_close(found, labels[:4])


def test_equal_weights_give_the_mean_of_the_neighbours():
    _, scores, labels = epoch()
    neighbours = scores.view(4, 3, 3)
    found = mix_with_neighbours(labels[:4], neighbours,
                                torch.full((4, 3), .2), torch.zeros(4))
    torch.testing.assert_close(found, neighbours.mean(1))


def test_a_mixture_by_hand():
    found = mix_with_neighbours(
        torch.tensor([[1., 0.]]), torch.tensor([[[.5, .5], [.1, .9]]]),
        torch.tensor([[3., 1.]]), torch.tensor([.25]))
    # neighbours: .75 x (.5, .5) + .25 x (.1, .9) = (.4, .6)
    torch.testing.assert_close(found, torch.tensor([[.55, .45]]))


def test_gradients_reach_the_share_and_not_the_neighbours():
    _, scores, labels = epoch()
    neighbours = scores.view(4, 3, 3).requires_grad_()
    share = torch.full((4, ), .5, requires_grad=True)
    weights = torch.rand(4, 3, requires_grad=True)
    target = mix_with_neighbours(labels[:4], neighbours, weights, share)
    (target * torch.randn(4, 3)).sum().backward()
    assert neighbours.grad is None
    assert (share.grad != 0).all() and (weights.grad != 0).any()


def test_the_module_trains_share_and_calibration():
    targets, features, _, labels = after_an_epoch()
    rows = torch.tensor([2, 7])
    found = targets(features[rows], labels[rows], rows)
    torch.testing.assert_close(found.sum(1), torch.ones(2))
    (found * torch.randn(2, 3)).sum().backward()
    touched = targets.label_logits.grad.nonzero()[:, 0].tolist()
    assert touched == [2, 7]
    assert targets.calibration[0].weight.grad.abs().max() > 0
    assert not targets.scores.requires_grad


def test_labels_stay_in_the_first_epoch_but_all_is_in_the_graph():
    targets = made()
    features, scores, labels = epoch()
    targets.observe(features, scores, torch.arange(12))
    found = targets(features, labels, torch.arange(12))
    torch.testing.assert_close(found, labels)
    found.square().sum().backward()
    assert all(p.grad is not None for p in targets.parameters())


def test_neighbours_are_the_nearest_directions():
    targets, features, scores, _ = after_an_epoch(bandwidth=.25)
    search = NearestNeighbors(n_neighbors=4, metric='cosine').fit(features)
    distance, found = search.kneighbors(features)
    assert targets.neighbours.tolist() == found[:, 1:].tolist()
    torch.testing.assert_close(
        targets.similarity,
        torch.from_numpy(np.exp(-distance[:, 1:] / .25)).float())
    torch.testing.assert_close(targets.scores, scores)


def test_weights_are_similarity_times_trust():
    targets, features, scores, labels = after_an_epoch()
    with torch.no_grad():
        targets.label_logits.fill_(-100.)
        targets.calibration[-1].weight.zero_()
    found = targets(features, labels, torch.arange(12))
    weights = targets.similarity / targets.similarity.sum(1, keepdim=True)
    expected = (weights[..., None] * scores[targets.neighbours]).sum(1)
    torch.testing.assert_close(found, expected)


def test_targets_stay_within_an_epoch():
    targets, features, _, labels = after_an_epoch()
    targets.eval()
    rows = torch.arange(12)
    before = targets(features, labels, rows)
    targets.observe(*epoch(5)[:2], rows)
    torch.testing.assert_close(targets(features, labels, rows), before)
    targets.end_epoch()
    assert not torch.allclose(targets(features, labels, rows), before)


def test_images_never_seen_are_no_neighbours_and_keep_their_label():
    rows = torch.arange(10)
    targets, features, _, labels = after_an_epoch(rows)
    assert targets.neighbours[:10].max() < 10
    unseen = torch.tensor([10, 11])
    found = targets(features[unseen], labels[unseen], unseen)
    torch.testing.assert_close(found, labels[unseen])


def test_rows_follow_the_image_ids():
    assert made().rows(['3.png', '0.png']).tolist() == [3, 0]


def test_a_resumed_training_goes_on_with_the_same_targets():
    targets, features, _, labels = after_an_epoch()
    resumed = made(seed=9)
    resumed.load_state_dict(targets.state_dict())
    rows = torch.arange(12)
    assert torch.equal(resumed(features, labels, rows),
                       targets(features, labels, rows))


def test_impossible_numbers():
    with pytest.raises(ValueError, match='12 neighbours of 12 images'):
        NeighbourTargets(12, 3, 4, num_neighbours=12)
    with pytest.raises(ValueError, match='made for 12.*num_images=11'):
        made().start(IDS[:11])
    with pytest.raises(ValueError, match='saw 2 images; 3 neighbours need'):
        after_an_epoch(torch.arange(2))
    with pytest.raises(ValueError, match='EpochTargetsHook'):
        NeighbourTargets(12, 3, 4).rows(['0.png'])
