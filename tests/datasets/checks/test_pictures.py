import cv2
import numpy as np
import pytest
from PIL import Image

from uar_mmpretrain.datasets.checks import read_picture, read_pictures


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


def test_equal_pixels_in_other_files(pixels, tmp_path):
    for name in ('a.png', 'b.bmp'):
        cv2.imwrite(str(tmp_path / name), pixels)
    other = pixels.copy()
    other[0, 0, 0] ^= 1
    cv2.imwrite(str(tmp_path / 'c.png'), other)
    first, second, third = read_pictures(sorted(map(str,
                                                    tmp_path.iterdir())))
    assert first == second
    assert first.kind() == '30x20 RGB' and not first.error
    assert third.digest != first.digest


def test_grey_is_the_same_as_three_equal_channels(pixels, tmp_path):
    cv2.imwrite(str(tmp_path / 'grey.png'), pixels[..., 0])
    cv2.imwrite(str(tmp_path / 'colour.png'),
                np.repeat(pixels[..., :1], 3, 2))
    grey = read_picture(tmp_path / 'grey.png')
    colour = read_picture(tmp_path / 'colour.png')
    assert grey.mode == 'L' and colour.mode == 'RGB'
    assert grey.digest == colour.digest


@pytest.mark.parametrize('shape', [(9, 9), (9, 9, 3)])
def test_blank(shape, tmp_path):
    image = np.full(shape, 7, np.uint8)
    cv2.imwrite(str(tmp_path / 'a.png'), image)
    assert read_picture(tmp_path / 'a.png').blank
    image[4, 4] = 8
    cv2.imwrite(str(tmp_path / 'a.png'), image)
    assert not read_picture(tmp_path / 'a.png').blank


@pytest.mark.parametrize('data, reason', [
    (b'', '0 bytes'),
    (b'version https://git-lfs.github.com/spec/v1\n', 'Git LFS pointer'),
    (b'<!DOCTYPE html>', 'HTML page'),
    (b'\x00' * 50, 'do not decode as an image'),
])
def test_what_is_no_image(data, reason, tmp_path):
    (tmp_path / 'a.png').write_bytes(data)
    found = read_picture(tmp_path / 'a.png')
    assert reason in found.error and found.digest is None


@pytest.mark.parametrize('suffix', ['.png', '.jpg'])
def test_truncated(pixels, suffix, tmp_path):
    path = tmp_path / f'a{suffix}'
    big = cv2.resize(pixels, (300, 300))
    cv2.imwrite(str(path), big)
    assert not read_picture(path).error
    path.write_bytes(path.read_bytes()[:-3000])
    assert 'only in part' in read_picture(path).error


def test_gone(tmp_path):
    assert 'No such file' in read_picture(tmp_path / 'a.png').error


def test_other_modes_are_read(pixels, tmp_path):
    for mode in ('RGBA', 'CMYK', '1', 'P', 'I;16'):
        image = Image.fromarray(pixels)
        image = image.convert('I').convert(mode) if mode == 'I;16' else (
            image.convert(mode))
        path = tmp_path / 'a.tif'
        image.save(path)
        found = read_picture(path)
        assert found.mode == mode and found.digest and not found.error
