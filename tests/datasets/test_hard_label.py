"""What the one class of an image is, for all who learn from one."""

import numpy as np
import pytest
import torch
from mmengine.dataset import BaseDataset
from mmpretrain.structures import DataSample

from uar_mmpretrain.datasets import NoisyLabels
from uar_mmpretrain.datasets.hard_label import hard_label
from uar_mmpretrain.datasets.transforms import HardLabel, PackFERInputs
from uar_mmpretrain.models.annotation import hard_labels


@pytest.mark.parametrize('item, expected', [
    (dict(gt_label=2, gt_score=np.array([.4, .2, .4])), 2),
    (dict(gt_label=0, gt_score=np.array([.4, .2, .4])), 0),
    (dict(gt_score=np.array([.2, .4, .4])), 1),
    (dict(gt_label=0), 0),
])
def test_the_label_comes_before_the_shares(item, expected):
    assert hard_label(item) == expected
    sample = DataSample()
    if 'gt_label' in item:
        sample.set_gt_label(item['gt_label'])
    if 'gt_score' in item:
        sample.set_gt_score(item['gt_score'])
    assert hard_label(sample).item() == expected


@pytest.mark.parametrize('item', [{}, DataSample()])
def test_an_image_without_either(item):
    with pytest.raises(ValueError, match='neither gt_label nor gt_score'):
        hard_label(item)


class Tied(BaseDataset):
    """Faces that as many people call fear as anger, and none disgust."""

    METAINFO = dict(classes=('fear', 'anger', 'disgust'))

    def load_data_list(self):
        return [dict(image_id=str(i), img=np.zeros((2, 2, 3), np.uint8),
                     gt_label=i % 2, gt_votes=np.array([5, 5, 0]),
                     gt_score=np.array([.5, .5, 0.], dtype=np.float32))
                for i in range(40)]


def test_all_methods_see_the_same_wrong_label_of_a_tied_face():
    """To the other of the two classes, too, where the shares stay."""
    noisy = NoisyLabels(Tied(), 1)
    seen = set()
    for index in range(40):
        item = noisy.get_data_info(index)
        seen.add((index % 2, item['gt_label']))
        hard = HardLabel().transform(item)
        assert hard['gt_label'] == item['gt_label']
        assert hard['gt_score'].tolist() == np.eye(3)[
            item['gt_label']].tolist()
        # As DMUE and POI-style are given it, and the plain network.
        packed = [PackFERInputs()(dict(one))['data_samples']
                  for one in (item, hard)]
        labels = hard_labels(packed)
        assert labels.dtype == torch.int64 and labels.shape == (2, )
        assert labels.tolist() == [item['gt_label']] * 2
    assert seen == {(0, 1), (0, 2), (1, 0), (1, 2)}
