from collections import Counter
from functools import lru_cache

import numpy as np
import pytest
from mmengine.dataset import RepeatDataset
from mmpretrain.registry import DATASETS

from uar_mmpretrain.datasets import (
    CorruptionSuite,
    StratifiedSubset,
    SyntheticFaces,
)

PIPELINE = [dict(type='RenderFace'), dict(type='Corrupt'),
            dict(type='PackFERInputs')]


@lru_cache
def faces():
    """Drawn faces, built once: a derived set works on copies of items."""
    return SyntheticFaces(num_images=120, image_size=24, pipeline=PIPELINE)


def ids(dataset):
    return [dataset.get_data_info(i)['image_id']
            for i in range(len(dataset))]


def test_takes_the_share_of_every_class_as_it_is():
    whole = faces()
    part = StratifiedSubset(faces(), 0.25)
    counts = Counter(whole.get_gt_labels())
    assert Counter(part.get_gt_labels()) == {
        label: round(n / 4) for label, n in counts.items()}
    by_id = {name: whole.get_data_info(i)
             for i, name in enumerate(ids(whole))}
    for index in range(len(part)):
        item = part.get_data_info(index)
        same = by_id[item['image_id']]
        assert item.pop('sample_idx') == index
        same.pop('sample_idx')
        assert item.keys() == same.keys()
        np.testing.assert_array_equal(item['gt_votes'], same['gt_votes'])


def test_whole_order_and_seeds():
    assert ids(StratifiedSubset(faces(), 1)) == ids(faces())
    first = ids(StratifiedSubset(faces(), 0.5))
    assert first == sorted(first)
    assert first == ids(StratifiedSubset(faces(), 0.5))
    assert first != ids(StratifiedSubset(faces(), 0.5, seed=1))


def test_subsets_are_nested():
    parts = [set(ids(StratifiedSubset(faces(), f))) for f in (.1, .25, .5, 1)]
    assert all(small < large for small, large in zip(parts, parts[1:]))


def test_interface_of_a_data_set():
    pipeline = [dict(type='RenderFace'), dict(type='PackFERInputs')]
    part = DATASETS.build(dict(
        type='StratifiedSubset', fraction=.5, lazy_init=True,
        dataset=dict(type='SyntheticFaces', num_images=120, image_size=24,
                     pipeline=pipeline, lazy_init=True)))
    assert not part._fully_initialized
    assert not part.dataset._fully_initialized
    assert part.metainfo['classes'] == faces().metainfo['classes']
    assert 'subset' not in part.metainfo
    size = len(part)
    assert 50 < size < 70
    assert part.metainfo['subset'] == (
        f'{size} of 120 images, 0.5 of every class, seed 0')
    part.metainfo['classes'] = ()
    assert part.metainfo['classes']
    sample = part[3]['data_samples']
    assert sample.image_id == part.get_data_info(3)['image_id']
    assert len(RepeatDataset(part, times=3)) == 3 * size


def test_a_suite_can_wrap_it():
    part = StratifiedSubset(faces(), .5)
    suite = CorruptionSuite(part, ['contrast'], severities=[1])
    assert len(suite) == 2 * len(part)
    assert suite[1]['data_samples'].corruption == 'contrast'


def test_refused_items_are_errors():
    part = StratifiedSubset(faces(), .5)
    part.pipeline.transforms = [lambda item: None]
    with pytest.raises(Exception, match='None'):
        part[0]


@pytest.mark.parametrize('fraction', [0, -.1, 1.1])
def test_fraction_is_a_share(fraction):
    with pytest.raises(ValueError, match=f'fraction={fraction}'):
        StratifiedSubset(faces(), fraction)


def test_no_class_is_lost():
    with pytest.raises(ValueError, match='leaves no image of class .* which '
                       'has [0-9]+'):
        StratifiedSubset(faces(), .02)


def test_wraps_data_sets_only():
    repeated = RepeatDataset(faces(), times=2)
    with pytest.raises(TypeError, match='found RepeatDataset'):
        StratifiedSubset(repeated, .5)
