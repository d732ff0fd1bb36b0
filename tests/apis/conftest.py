"""Pictures to decide about."""

import pytest


@pytest.fixture(scope='session')
def faces(tmp_path_factory):
    """Folder with eight drawn pictures of different sizes."""
    import cv2
    import numpy as np
    folder = tmp_path_factory.mktemp('faces')
    rng = np.random.default_rng(0)
    for number in range(8):
        small = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
        size = (40 + 9 * number, 60 + 7 * number)
        cv2.imwrite(str(folder / f'{number}.png'),
                    cv2.resize(small, size, interpolation=cv2.INTER_CUBIC))
    return folder
