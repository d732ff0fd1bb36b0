"""The class in place of the shares."""

import numpy as np
import pytest

from uar_mmpretrain.datasets.transforms import HardLabel


@pytest.mark.parametrize('label', [0, 1, 2])
def test_the_label_takes_all(label):
    item = dict(gt_score=np.array([.4, .2, .4]), gt_label=label,
                gt_votes=[4, 2, 4])
    found = HardLabel().transform(item)
    assert found['gt_score'].tolist() == np.eye(3)[label].tolist()
    assert found['gt_score'].dtype == np.float32
    assert found['gt_label'] == label
    assert found['gt_votes'] == [4, 2, 4]


@pytest.mark.parametrize('shares, winner', [
    ([.2, .5, .3], 1),
    ([.4, .2, .4], 0),
    (np.array([0., 0., 1.]), 2),
])
def test_without_a_label_the_largest_share_does(shares, winner):
    found = HardLabel().transform(dict(gt_score=shares))
    assert found['gt_score'].tolist() == np.eye(3)[winner].tolist()
    assert found['gt_label'] == winner


def test_the_item_of_the_data_set_is_not_changed():
    item = dict(gt_score=np.array([.6, .4]), gt_label=0)
    HardLabel().transform(item)
    assert item['gt_score'].tolist() == [.6, .4]
