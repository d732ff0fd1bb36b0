"""Batches with images of every class."""

import numpy as np
import pytest
from mmengine.dataset import DefaultSampler
from torch.utils.data import RandomSampler

from uar_mmpretrain.datasets import BalancedMinCountSampler

# 500, 90, 9 and 1 images, mixed.
LABELS = np.random.default_rng(0).permutation(
    np.repeat([0, 1, 2, 3], [500, 90, 9, 1]))


class Labelled:
    """What the sampler asks of a data set."""

    def __init__(self, labels, classes):
        self.labels = labels
        self.metainfo = dict(classes=tuple(classes))

    def __len__(self):
        return len(self.labels)

    def get_data_info(self, index):
        return dict(gt_label=int(self.labels[index]), img_path=f'{index}.png')


def make(batch_size=20, seed=0, rank=0, world=1, epoch=0, **kwargs):
    inner = DefaultSampler(Labelled(LABELS, 'abcd'), seed=seed)
    inner.rank, inner.world_size = rank, world
    inner.set_epoch(epoch)
    return BalancedMinCountSampler(inner, batch_size, **kwargs)


def batches(number, **kwargs):
    """That many batches, of as many epochs as it takes."""
    found = []
    while len(found) < number:
        found += make(epoch=len(found), **kwargs)
    return np.array(found[:number])


@pytest.mark.parametrize('min_count', [1, 2, 5])
def test_every_batch_has_every_class(min_count):
    labels = LABELS[batches(1000, min_count=min_count)]
    assert labels.shape == (1000, 20)
    for label in range(4):
        assert (labels == label).sum(1).min() == min_count


def test_classes_are_equally_likely():
    shares = np.bincount(LABELS[batches(1000)].ravel()) / 20_000
    # Of 12 free places in 20 the variance is 1000 * 12 * 3 / 16.
    assert abs(shares - .25).max() < 5 * (2250 ** .5) / 20_000


def test_images_of_a_class_take_turns():
    counts = np.bincount(np.array(list(make())).ravel(), minlength=600)
    for label in range(4):
        own = counts[np.equal(LABELS, label)]
        assert own.max() - own.min() <= 1


def test_the_same_again_and_other_batches_in_other_epochs():
    assert list(make()) == list(make())
    assert list(make()) != list(make(epoch=1))
    assert list(make()) != list(make(seed=1))


def test_epoch_follows_the_inner_sampler():
    sampler = make()
    first = list(sampler)
    sampler.sampler.set_epoch(1)
    assert list(sampler) == list(make(epoch=1)) != first


def test_ranks_draw_their_own_batches_of_one_epoch():
    ranks = [list(make(rank=rank, world=2)) for rank in range(2)]
    assert not {tuple(b) for b in ranks[0]} & {tuple(b) for b in ranks[1]}
    assert len(ranks[0]) == len(ranks[1]) == len(make(world=2)) == 15
    assert len(make()) == len(list(make())) == 30


def test_a_set_smaller_than_a_batch_still_trains():
    inner = DefaultSampler(Labelled([0, 1, 1], 'ab'), seed=0)
    found, = BalancedMinCountSampler(inner, 4)
    assert sorted(found) == [0, 0, 1, 2]


def test_batches_too_small_are_refused():
    with pytest.raises(ValueError, match='batch_size=7.* 8'):
        make(batch_size=7)
    assert len(list(make(batch_size=8))[0]) == 8


def test_a_class_without_images_is_named():
    inner = DefaultSampler(Labelled([0, 2, 2], ['joy', 'fear', 'awe']))
    with pytest.raises(ValueError, match='no image of fear'):
        BalancedMinCountSampler(inner, 8)


def test_other_arguments_are_refused():
    with pytest.raises(ValueError, match='min_count=0'):
        make(min_count=0)
    dataset = Labelled(LABELS, 'abcd')
    with pytest.raises(TypeError, match='RandomSampler'):
        BalancedMinCountSampler(RandomSampler(dataset), 20)
