import cv2
import numpy as np
import pytest
import torch


def make_batch(height, width):
    """Three images: soft shapes with grain, clipped highlights, flat."""
    rng = np.random.default_rng(height)
    images = []
    for gain in (1, 1.8):
        coarse = rng.integers(20, 236, (6, 6, 3)).astype(np.float32)
        image = cv2.resize(
            coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        image = image * gain + rng.normal(0, 4, image.shape)
        images.append(np.clip(image, 0, 255))
    images.append(np.full((height, width, 3), 200))
    stacked = np.stack(images).astype(np.uint8)
    return torch.from_numpy(stacked).permute(0, 3, 1, 2).contiguous()


@pytest.fixture(scope='session', params=[(48, 48), (40, 56)], ids=str)
def batch(request):
    """(3, 3, H, W) uint8 on the CPU, square and not."""
    return make_batch(*request.param)


@pytest.fixture(scope='session')
def faces():
    """(3, 3, 48, 48) uint8."""
    return make_batch(48, 48)
