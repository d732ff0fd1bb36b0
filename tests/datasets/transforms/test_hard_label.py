"""The class in place of the shares."""

import numpy as np
import pytest

from uar_mmpretrain.datasets.transforms import HardLabel


@pytest.mark.parametrize('shares, winner', [
    ((.2, .5, .3), 1),
    ((.4, .2, .4), 0),  # a tie: the first, as POI and DMUE take it
    ((0., 0., 1.), 2),
])
def test_the_largest_share_takes_all(shares, winner):
    item = dict(gt_score=np.array(shares), gt_label=9, gt_votes=[2, 5, 3])
    found = HardLabel().transform(item)
    assert found['gt_score'].tolist() == np.eye(3)[winner].tolist()
    assert found['gt_label'] == winner
    assert found['gt_votes'] == [2, 5, 3]


def test_the_item_of_the_data_set_is_not_changed():
    item = dict(gt_score=np.array([.6, .4]), gt_label=0)
    HardLabel().transform(item)
    assert item['gt_score'].tolist() == [.6, .4]
