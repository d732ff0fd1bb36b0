"""Cropping to a face box."""

import numpy as np
import pytest

from uar_mmpretrain.datasets.transforms import CropBox


def item(box=None):
    image = np.arange(20 * 30 * 3).reshape(20, 30, 3)
    results = dict(img=image, img_path='a.jpg')
    return results if box is None else dict(results, box=box)


def test_crops_columns_by_x_and_rows_by_y():
    results = CropBox()(item([4, 5, 14, 10]))
    np.testing.assert_array_equal(results['img'], item()['img'][5:10, 4:14])
    assert results['img_shape'] == (5, 10)


def test_margin_is_a_share_of_the_box_and_stops_at_the_border():
    results = CropBox(margin=0.5)(item([0, 4, 10, 8]))
    np.testing.assert_array_equal(results['img'], item()['img'][2:10, :15])


def test_no_box_no_crop():
    np.testing.assert_array_equal(CropBox()(item())['img'], item()['img'])


def test_box_outside_the_image():
    with pytest.raises(ValueError, match=r'a.jpg: face box \[40, 0, 50, 5\]'):
        CropBox()(item([40, 0, 50, 5]))


def test_negative_margin():
    with pytest.raises(ValueError, match='margin=-1'):
        CropBox(margin=-1)
