import cv2
import numpy as np
import pytest


def make_photo(height, width, seed=0):
    """Soft shapes, a hard edge, light grain: no flat areas, no symmetry."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(20, 236, (7, 9, 3)).astype(np.float32)
    image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    image[height // 3:, width // 2:] *= 0.6
    image += rng.normal(0, 4, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


@pytest.fixture(scope='session')
def photo():
    """A 224 x 224 image with the statistics of a photograph."""
    return make_photo(224, 224)


@pytest.fixture(scope='session')
def small_photo():
    """A 40 x 56 image with the statistics of a photograph."""
    return make_photo(40, 56, seed=1)
