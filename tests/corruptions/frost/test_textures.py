import cv2
import numpy as np
import pytest

from uar_mmpretrain.corruptions.frost import covering, textures

NAMES = ('frost1.png', 'frost2.png', 'frost3.png', 'frost4.jpg', 'frost5.jpg')


@pytest.fixture
def frost_dir(tmp_path):
    """Five flat pictures of 20 x 30, of BGR (10 i, 20 i, 30 i), i = 1 .. 5."""
    for number, name in enumerate(NAMES, 1):
        colour = np.full((20, 30, 3), (10, 20, 30), np.uint8) * number
        assert cv2.imwrite(str(tmp_path / name), colour.astype(np.uint8))
    return tmp_path


def test_five_textures_in_the_order_of_the_pictures():
    found = textures()
    assert len(found) == 5
    assert found[1] is found[2]
    # Mean B, G, R of the photographs.
    means = [texture.mean((0, 1)) for texture in found]
    for mean, expected in zip(means, [(165.7, 149.1, 77.7),
                                      (214.5, 205.4, 200.8),
                                      (214.5, 205.4, 200.8),
                                      (165.2, 152.8, 137.6),
                                      (134.8, 123.4, 112.4)]):
        assert np.abs(mean - expected).max() < 4


def test_textures_are_shared_and_read_only():
    assert textures() is textures()
    for texture in textures():
        assert texture.shape == (512, 768, 3)
        assert texture.dtype == np.uint8
        with pytest.raises(ValueError, match='read-only'):
            texture[0, 0] = 0


@pytest.mark.parametrize('scale, shape, method', [
    (0.3, (154, 230, 3), cv2.INTER_LINEAR),
    (0.2, (102, 154, 3), cv2.INTER_LINEAR),
    (1.1, (563, 845, 3), cv2.INTER_CUBIC),
])
def test_scale(scale, shape, method):
    scaled = textures(scale)
    assert scaled[1] is scaled[2]
    for small, full in zip(scaled, textures()):
        assert small.shape == shape
        resized = cv2.resize(full, None, fx=scale, fy=scale,
                             interpolation=method)
        assert np.array_equal(small, resized)


@pytest.mark.parametrize('scale', [0, -1, float('nan')])
def test_scale_that_is_not_positive(scale):
    with pytest.raises(ValueError, match='scale of frost textures is'):
        textures(scale)


def test_original_pictures(frost_dir):
    found = textures(frost_dir=str(frost_dir))
    for number, texture in enumerate(found, 1):
        expected = np.multiply((10, 20, 30), number)
        assert texture.shape == (20, 30, 3)
        assert np.abs(texture - expected).max() <= (2 if number > 3 else 0)
        assert not texture.flags.writeable


def test_original_pictures_are_scaled(frost_dir):
    for texture in textures(0.5, str(frost_dir)):
        assert texture.shape == (10, 15, 3)


def test_missing_pictures_are_named(frost_dir):
    (frost_dir / 'frost2.png').unlink()
    (frost_dir / 'frost5.jpg').unlink()
    with pytest.raises(FileNotFoundError,
                       match=r'no frost2\.png, frost5\.jpg in frost_dir'):
        textures(frost_dir=str(frost_dir))


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match='no frost1.png'):
        textures(frost_dir=str(tmp_path / 'nowhere'))


@pytest.mark.parametrize('content', [b'', b'not a picture'])
def test_broken_picture(frost_dir, content):
    (frost_dir / 'frost3.png').write_bytes(content)
    with pytest.raises(ValueError, match='frost3.png is not an image'):
        textures(frost_dir=str(frost_dir))


def test_covering_leaves_a_large_texture_alone():
    texture = textures()[0]
    assert covering(texture, 511, 767) is texture


def test_covering_mirrors_by_hand():
    texture = np.repeat(np.array([[1, 2, 3], [4, 5, 6]], np.uint8)[..., None],
                        3, axis=2)
    # As high as the image leaves no offset to draw: one mirror image more.
    down = [[1, 2, 3], [4, 5, 6], [4, 5, 6], [1, 2, 3]]
    assert covering(texture, 2, 2)[..., 0].tolist() == down
    across = [[1, 2, 3, 3, 2, 1, 1, 2, 3], [4, 5, 6, 6, 5, 4, 4, 5, 6]]
    assert covering(texture, 1, 8)[..., 2].tolist() == across


def test_covering_is_larger_in_both_axes():
    texture = textures(0.2)[4]
    for height, width in [(102, 10), (10, 154), (224, 224), (1000, 700)]:
        large = covering(texture, height, width)
        assert large.shape[0] > height and large.shape[1] > width
        assert large.dtype == np.uint8
