"""Everything that holds images, and everything that pretends to."""

import cv2
import numpy as np
import pytest
from PIL import Image

from uar_mmpretrain.apis import Images


@pytest.fixture
def picture():
    """(20, 30, 3) BGR, smooth, so that JPEG keeps it within a few levels."""
    rows, columns = np.mgrid[:20, :30]
    return np.stack([rows * 10, columns * 8, rows * 5 + 60],
                    -1).astype(np.uint8)


def one(inputs):
    items = list(Images(inputs))
    assert len(items) == 1
    return items[0]


def test_a_png_comes_back_bit_by_bit(tmp_path, picture):
    path = tmp_path / 'a.png'
    cv2.imwrite(str(path), picture)
    for given in (path, str(path)):
        source, image, face = one(given)
        assert source == str(path)
        assert face is None
        np.testing.assert_array_equal(image, picture)


def test_folder_glob_and_list_keep_their_order(tmp_path, picture):
    (tmp_path / 'sub').mkdir()
    for name in ('b.png', 'a.png', 'sub/c.png'):
        cv2.imwrite(str(tmp_path / name), picture)
    (tmp_path / 'notes.txt').write_text('no image')
    (tmp_path / '.hidden.png').write_text('no image')
    names = [tmp_path / name for name in ('a.png', 'b.png', 'sub/c.png')]
    assert [s for s, *_ in Images(tmp_path)] == [str(n) for n in names]
    assert ([s for s, *_ in Images(f'{tmp_path}/*.png')] ==
            [str(n) for n in names[:2]])
    mixed = Images([names[1], picture, tmp_path / 'sub'])
    assert len(mixed) == 3
    assert [s for s, *_ in mixed] == [str(names[1]), 'array 1',
                                      str(names[2])]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(
        tmp_path, picture):
    path = tmp_path / 'face[1].png'
    cv2.imwrite(str(path), picture)
    assert one(path).image.shape == (20, 30, 3)


@pytest.mark.parametrize('mode', ['L', 'RGBA', 'CMYK', 'P', 'I;16', '1'])
def test_every_pixel_format_becomes_8_bit_bgr(tmp_path, picture, mode):
    suffix = 'jpg' if mode == 'CMYK' else 'png'
    path = tmp_path / f'a.{suffix}'
    gray = picture[..., 1]
    if mode == 'I;16':
        Image.fromarray(gray.astype(np.uint16) * 257).save(path)
    else:
        Image.fromarray(picture[..., ::-1]).convert(mode).save(path)
    image = one(path).image
    assert image.shape == (20, 30, 3)
    assert image.dtype == np.uint8
    if mode == 'I;16':
        np.testing.assert_array_equal(image, gray[..., None].repeat(3, 2))
    if mode == 'RGBA':
        np.testing.assert_array_equal(image, picture)
    if mode == 'CMYK':
        assert np.abs(image.astype(int) - picture).mean() < 10


def test_exif_orientation_is_applied(tmp_path, picture):
    path = tmp_path / 'a.jpg'
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    Image.fromarray(picture).save(path, exif=exif)
    assert one(path).image.shape == (30, 20, 3)


@pytest.mark.parametrize('shape', [(1, 1), (20_000, 3), (3, 20_000)])
def test_extreme_sizes_are_read(tmp_path, shape):
    path = tmp_path / 'a.png'
    cv2.imwrite(str(path), np.full(shape, 7, np.uint8))
    image = one(path).image
    assert image.shape == (*shape, 3)
    assert (image == 7).all()


@pytest.mark.parametrize(('content', 'said'), [
    (b'', '0 bytes'),
    (b'<!DOCTYPE html><title>403', 'HTML'),
    (b'version https://git-lfs.github.com/spec/v1', 'Git LFS'),
    (b'GIF or not', 'do not decode'),
])
def test_what_is_no_image_is_an_error_beside_the_others(
        tmp_path, picture, content, said):
    (tmp_path / 'a.png').write_bytes(content)
    cv2.imwrite(str(tmp_path / 'b.png'), picture)
    bad, good = Images(tmp_path)
    assert said in str(bad.image)
    np.testing.assert_array_equal(good.image, picture)


@pytest.mark.parametrize('suffix', ['jpg', 'png', 'bmp', 'webp'])
@pytest.mark.parametrize('share', [0.1, 0.5, 0.99])
def test_a_truncated_file_is_an_error(tmp_path, picture, suffix, share):
    path = tmp_path / f'a.{suffix}'
    cv2.imwrite(str(path), picture)
    path.write_bytes(path.read_bytes()[:int(share * path.stat().st_size)])
    error = one(path).image
    assert isinstance(error, ValueError)
    assert 'do not decode' in str(error)


def test_missing_file_empty_folder_and_idle_pattern_are_errors(tmp_path):
    items = list(Images([tmp_path / 'gone.png', tmp_path,
                         f'{tmp_path}/*.png', 3]))
    texts = [str(item.image) for item in items]
    assert 'no such file' in texts[0]
    assert 'holds no image' in texts[1]
    assert 'matches no file' in texts[2]
    assert 'int; expected a path' in texts[3]


def test_a_pattern_matches_files_only(tmp_path, picture):
    (tmp_path / 'sub').mkdir()
    cv2.imwrite(str(tmp_path / 'sub/a.png'), picture)
    cv2.imwrite(str(tmp_path / 'b.png'), picture)
    assert one(f'{tmp_path}/*').source == str(tmp_path / 'b.png')
    assert [s for s, *_ in Images(f'{tmp_path}/**')] == [
        str(tmp_path / name) for name in ('b.png', 'sub/a.png')]


def test_a_path_the_system_refuses_is_an_error_beside_the_others(picture):
    bad, good = Images(['x' * 5000, picture])
    assert isinstance(bad.image, OSError)
    assert good.image.shape == (20, 30, 3)


def test_more_pixels_than_opencv_takes_are_said(tmp_path):
    path = tmp_path / 'a.pgm'
    path.write_bytes(b'P5 40000 40000 255 ')
    assert 'Make the picture smaller' in str(one(path).image)


def test_arrays_of_any_layout(picture):
    gray = picture[..., 0]
    alpha = np.dstack([picture, gray])
    for given, expected in [
            (picture, picture), (alpha, picture),
            (gray, gray[..., None].repeat(3, 2)),
            (gray[..., None], gray[..., None].repeat(3, 2)),
            (picture.astype(np.uint16) * 256, picture)]:
        np.testing.assert_array_equal(one(given).image, expected)


@pytest.mark.parametrize(('array', 'said'), [
    (np.zeros((4, 4, 3)), 'float64'),
    (np.zeros((2, 4, 4, 3), np.uint8), '(2, 4, 4, 3)'),
    (np.zeros((0, 4, 3), np.uint8), '(0, 4, 3)'),
])
def test_what_is_no_image_array_is_an_error(array, said):
    assert said in str(one(array).image)


def test_a_video_gives_its_frames(tmp_path, picture):
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 5,
                             (30, 20))
    if not writer.isOpened():
        pytest.skip('this OpenCV writes no video')
    for shade in (0, 80, 160):
        writer.write(np.full_like(picture, shade))
    writer.release()
    images = Images(path)
    assert len(images) == 3
    items = list(images)
    assert [item.source for item in items] == [f'{path}#{n}'
                                               for n in range(3)]
    means = [item.image.mean() for item in items]
    np.testing.assert_allclose(means, [0, 80, 160], atol=3)


def test_a_video_that_is_none_is_an_error(tmp_path):
    (tmp_path / 'clip.mp4').write_bytes(b'no video')
    damaged, gone = Images([tmp_path / 'clip.mp4', tmp_path / 'gone.mp4'])
    assert 'does not decode as a video' in str(damaged.image)
    assert 'no such file' in str(gone.image)
