import cv2
import numpy as np
import pytest
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.datasets.transforms.loading import LoadFaceImage


def load(path, **kwargs):
    return LoadFaceImage(**kwargs)(dict(img_path=str(path)))


def test_grayscale_becomes_three_equal_channels(tmp_path):
    gray = np.arange(48 * 40, dtype=np.uint8).reshape(48, 40)
    cv2.imwrite(str(tmp_path / 'gray.png'), gray)
    results = load(tmp_path / 'gray.png')
    assert results['img'].dtype == np.uint8
    assert results['img_shape'] == results['ori_shape'] == (48, 40)
    for channel in range(3):
        np.testing.assert_array_equal(results['img'][..., channel], gray)


def test_colour_is_bgr(tmp_path):
    blue = np.zeros((4, 4, 3), np.uint8)
    blue[..., 0] = 200
    cv2.imwrite(str(tmp_path / 'blue.png'), blue)
    np.testing.assert_array_equal(load(tmp_path / 'blue.png')['img'], blue)
    assert load(tmp_path / 'blue.png', to_float32=True)['img'].dtype == 'f4'


def test_it_is_registered():
    assert isinstance(
        TRANSFORMS.build(dict(type='LoadFaceImage')), LoadFaceImage)


@pytest.mark.parametrize('content, message', [
    (b'', '0 bytes. The copy is incomplete'),
    (b'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
     '63 bytes, a Git LFS pointer, not the image. Run "git lfs pull"'),
    (b'\n<!DOCTYPE html><html><body>quota exceeded</body></html>',
     'an HTML page, not the image'),
    (b'not an image at all', '19 bytes that do not decode as an image'),
    (b'\x89PNG\r\n\x1a\n' + b'\0' * 30, 'do not decode as an image'),
])
def test_unreadable_files_are_named(tmp_path, content, message):
    path = tmp_path / 'fer0000007.png'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f'fer0000007.png: .*{message}'):
        load(path)


def test_missing_file_and_ignore_empty(tmp_path):
    with pytest.raises(FileNotFoundError, match='gone.png is not there any'):
        load(tmp_path / 'gone.png')
    with pytest.raises(ValueError, match='does not skip images'):
        LoadFaceImage(ignore_empty=True)
