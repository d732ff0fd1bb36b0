"""What CorruptionSuite refuses, and in which words."""

import numpy as np
import pytest
from mmengine.dataset import BaseDataset, ConcatDataset

from uar_mmpretrain.datasets.corruption_suite import CorruptionSuite
from uar_mmpretrain.datasets.transforms.corrupt import Corrupt

TWO = ['gaussian_noise', 'contrast']


class ToyFaces(BaseDataset):

    def load_data_list(self):
        return [dict(image_id=f'img/{i}.png') for i in range(5)]


class Draw:

    def __call__(self, results):
        results['img'] = np.zeros((16, 16, 3), np.uint8)
        return results


def toy(*transforms):
    return ToyFaces(pipeline=list(transforms), test_mode=True)


def test_index_out_of_range():
    suite = CorruptionSuite(toy(Draw(), Corrupt()), TWO, severities=[1])
    for index in (15, -1):
        with pytest.raises(IndexError, match=f'index {index} .* 15 items'):
            suite[index]
        with pytest.raises(IndexError, match='out of range'):
            suite.get_data_info(index)


@pytest.mark.parametrize('transforms, message', [
    ((), 'found 0 in: nothing'),
    ((Draw(), Draw()), 'found 0 in: Draw, Draw'),
    ((Corrupt(), Draw(), Corrupt()), 'found 2 in: Corrupt, Draw, Corrupt'),
])
def test_pipeline_must_contain_corrupt_once(transforms, message):
    with pytest.raises(ValueError, match=message):
        CorruptionSuite(toy(*transforms), TWO)


@pytest.mark.parametrize('options, error, message', [
    (dict(corruptions=['fogg', 'contrast']), ValueError, "corruption 'fogg'"),
    (dict(corruptions='contrast'), ValueError, "group .* 'contrast'"),
    (dict(corruptions=['clean']), ValueError, 'use include_clean'),
    (dict(corruptions=['contrast'] * 2, severities=[2]), ValueError,
     'more than once: contrast 2'),
    (dict(corruptions=TWO, severities=[0]), ValueError, 'found 0'),
    (dict(corruptions=TWO, severities=[6]), ValueError, 'found 6'),
    (dict(corruptions=TWO, severities=3), TypeError, r'such as \[3\]'),
    (dict(corruptions=TWO, severities=['3']), TypeError, "found '3'"),
    (dict(corruptions=[], include_clean=False), ValueError, 'nothing to do'),
    (dict(every=0), ValueError, 'at least 1, found 0'),
    (dict(every=1.5), ValueError, 'at least 1, found 1.5'),
])
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        CorruptionSuite(toy(Draw(), Corrupt()), **options)


def test_other_wrappers_are_refused():
    wrapped = ConcatDataset([toy(Draw(), Corrupt())])
    with pytest.raises(TypeError, match='found ConcatDataset; wrap the data'):
        CorruptionSuite(wrapped, TWO)
    with pytest.raises(TypeError, match='found list'):
        CorruptionSuite([1, 2], TWO)


@pytest.mark.parametrize('before', [True, False])
def test_an_image_dropped_by_the_pipeline_is_named(before):
    def drop(results):
        return None if results['image_id'] == 'img/1.png' else results

    parts = (Draw(), drop, Corrupt()) if before else (Draw(), Corrupt(), drop)
    suite = CorruptionSuite(toy(*parts), TWO, severities=[1])
    where = 'before' if before else 'after'
    assert suite[2]['image_id'] == 'img/0.png'
    with pytest.raises(ValueError, match=rf'{where} .* 1 \(img/1\.png\)'):
        suite[3]
