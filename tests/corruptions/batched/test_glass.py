import numpy as np
import pytest
import torch

from uar_mmpretrain.corruptions import Key
from uar_mmpretrain.corruptions.batched import glass
from uar_mmpretrain.corruptions.glass import draw_glass_blur, sources


@pytest.mark.parametrize('reach', [1, 2, 4])
@pytest.mark.parametrize('size', [(48, 48), (40, 56), (9, 8)])
def test_source_maps_equal_the_numpy_version(size, reach):
    keys = [Key(0, image_id, 'glass_blur', 3) for image_id in 'ab']
    expected = []
    for key in keys:
        offsets, = draw_glass_blur(key, (*size, 3), (1.0, reach, 1))
        expected.append(sources(offsets, reach, *size))
    result = glass.sources([key.word(0) for key in keys], reach, *size,
                           torch.device('cpu'))
    np.testing.assert_array_equal(result.numpy(), np.stack(expected))
