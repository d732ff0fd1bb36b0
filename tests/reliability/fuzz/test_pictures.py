"""Damaged pictures and videos: an image, or an error of their own row."""

import cv2
import numpy as np
import pytest

from uar_mmpretrain.apis.inputs import Images
from uar_mmpretrain.datasets.transforms import LoadFaceImage
from uar_mmpretrain.files.image_size import MAX_PIXELS

from .loop import outcomes, peak_of
from .mutations import damage, damaged_bytes
from .pictures import all_formats, drawn_face, png_bomb, with_size
from .reader import patience

QUICK, LONG = 10, 150
FORMATS = all_formats()
LOAD = LoadFaceImage()
# A file this small that decodes may at most be this large.
MEMORY = 600 * 2**20


@pytest.fixture(autouse=True)
def quiet(capfd):
    """OpenCV says on the error stream what it stumbles over."""


def by_inferencer(path):
    (item, ) = Images(path)
    return item.image


def by_data_set(path):
    try:
        return LOAD.transform({'img_path': str(path)})['img']
    except ValueError as error:
        assert path.name in str(error)
        return error


def judge(path, data):
    """Both ways of reading agree, and end in an image or a message."""
    path.write_bytes(data)
    with patience():
        image, other = by_inferencer(path), by_data_set(path)
    if isinstance(image, Exception):
        assert type(image) is ValueError
        assert 20 < len(str(image)) < 1000
        assert isinstance(other, ValueError)
        return 'refused'
    assert image.dtype == np.uint8 and image.ndim == 3
    assert image.shape[2] == 3 and 0 < image.size <= 3 * MAX_PIXELS
    np.testing.assert_array_equal(image, other)
    return 'loaded'


def fuzz(data, path, number):
    return outcomes(
        lambda rng: judge(path, damage(rng, data, damaged_bytes)), number,
        MEMORY)


@pytest.mark.parametrize('name', FORMATS)
def test_whole_pictures_load(name, tmp_path):
    assert judge(tmp_path / 'x.png', FORMATS[name]) == 'loaded'


def test_the_camera_was_turned(tmp_path):
    (tmp_path / 'x.jpg').write_bytes(FORMATS['rotated'])
    assert by_inferencer(tmp_path / 'x.jpg').shape == (24, 12, 3)


@pytest.mark.parametrize('name', FORMATS)
def test_damaged_pictures(name, tmp_path):
    counts = fuzz(FORMATS[name], tmp_path / 'x.png', QUICK)
    assert counts['refused'] > 0


@pytest.mark.reliability
@pytest.mark.parametrize('name', FORMATS)
def test_many_damaged_pictures(name, tmp_path, capfd):
    counts = fuzz(FORMATS[name], tmp_path / 'x.png', LONG)
    with capfd.disabled():
        print(f'\npicture, {name}: {sum(counts.values()):,} inputs, '
              f'{counts["loaded"]:,} loaded, {counts["refused"]:,} refused')


def test_a_bomb_is_refused_before_it_takes_memory(tmp_path):
    data = png_bomb(16_000, 16_000)
    assert len(data) < 100_000
    path = tmp_path / 'bomb.png'
    path.write_bytes(data)
    error, taken = peak_of(lambda: by_inferencer(path))
    assert 'say they are 16,000 x 16,000 pixels' in str(error)
    assert taken < 50 * 2**20
    assert 'bomb.png' in str(by_data_set(path))


@pytest.mark.parametrize('kind', ['png', 'jpeg', 'gif', 'bmp'])
@pytest.mark.parametrize('size', [(0, 0), (0, 5), (60_000, 60_000)])
def test_sizes_that_are_not_so(kind, size, tmp_path):
    data = with_size(FORMATS[kind], kind, *size)
    assert judge(tmp_path / 'x.png', data) == 'refused'


@pytest.fixture(scope='module')
def video(tmp_path_factory):
    """Bytes of a Motion JPEG video of 20 frames."""
    path = tmp_path_factory.mktemp('video') / 'x.avi'
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_OPENCV_MJPEG, cv2.VideoWriter_fourcc(*'MJPG'), 10,
        (64, 64))
    for shift in range(20):
        writer.write(np.roll(drawn_face(64), shift, axis=1))
    writer.release()
    return path.read_bytes()


def test_a_whole_video(video, tmp_path):
    (tmp_path / 'x.avi').write_bytes(video)
    items = list(Images(tmp_path / 'x.avi'))
    assert len(items) == 20
    assert all(isinstance(item.image, np.ndarray) for item in items)


@pytest.mark.parametrize('share', [0, 0.01, 0.3, 0.5, 0.8])
def test_a_cut_video_says_so(share, video, tmp_path):
    path = tmp_path / 'x.avi'
    path.write_bytes(video[:int(share * len(video))])
    items = list(Images(path))
    assert isinstance(items[-1].image, ValueError)
    assert all(isinstance(item.image, np.ndarray) for item in items[:-1])
