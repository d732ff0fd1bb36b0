import cv2
import numpy as np
import pytest

from uar_mmpretrain.datasets.duplicates import find_copies


@pytest.fixture
def image(tmp_path):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (9, 7), dtype=np.uint8)
    for folder in ('train', 'test'):
        (tmp_path / folder).mkdir()
    cv2.imwrite(str(tmp_path / 'train/a.png'), pixels)
    return pixels


def test_the_pixels_count_not_the_file(tmp_path, image):
    cv2.imwrite(str(tmp_path / 'test/a.bmp'), image)
    cv2.imwrite(str(tmp_path / 'test/b.png'), image.reshape(7, 9))
    changed = image.copy()
    changed[0, 0] ^= 1
    cv2.imwrite(str(tmp_path / 'test/c.png'), changed)
    paths = ['test/a.bmp', 'test/b.png', 'test/c.png']
    assert find_copies(tmp_path, paths, 'train').tolist() == [True, False,
                                                              False]


def test_within_a_folder_an_image_is_no_copy_of_itself(tmp_path, image):
    assert not find_copies(tmp_path, ['train/a.png'], 'train').any()
    cv2.imwrite(str(tmp_path / 'train/b.png'), image)
    assert find_copies(tmp_path, ['train/a.png', 'train/b.png'], 'train').all()


def test_an_unreadable_image_is_named(tmp_path, image):
    (tmp_path / 'train/b.png').touch()
    with pytest.raises(ValueError, match='b.png: 0 bytes'):
        find_copies(tmp_path, [], 'train')


def test_nothing_to_compare_with(tmp_path, image):
    with pytest.raises(FileNotFoundError, match='valid holds no image'):
        find_copies(tmp_path, ['train/a.png'], 'valid')
