"""Sizes against those of the decoders."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from uar_mmpretrain.files.image_size import (
    MAX_PIXELS,
    check_pixels,
    declared_size,
)


def pillow(kind, **options):
    out = io.BytesIO()
    mode = options.pop('mode', 'RGB')
    Image.new(mode, (37, 21)).save(out, kind, **options)
    return out.getvalue()


EXIF = Image.Exif()
EXIF[0x010E] = 'a picture in a picture: ' + '\xff\xc0' * 40


@pytest.mark.parametrize('data', [
    pillow('PNG'), pillow('PNG', mode='P'), pillow('GIF'), pillow('BMP'),
    pillow('JPEG'), pillow('JPEG', progressive=True),
    pillow('JPEG', exif=EXIF, comment=b'\xff\xc0' * 9),
    pillow('JPEG', mode='CMYK'), pillow('WEBP'),
    pillow('WEBP', lossless=True), pillow('WEBP', mode='RGBA'),
    pillow('WEBP', exif=EXIF), pillow('TIFF'),
    pillow('TIFF', compression='tiff_lzw'), pillow('TIFF', big_tiff=True),
], ids=range(15))
def test_the_size_of_every_format(data):
    assert declared_size(data) == (37, 21)


@pytest.mark.parametrize('suffix', ['.png', '.jpg', '.bmp', '.webp', '.tiff',
                                    '.gif'])
def test_what_opencv_writes(suffix):
    data = cv2.imencode(suffix, np.zeros((21, 37, 3), np.uint8))[1].tobytes()
    assert declared_size(data) == (37, 21)


def test_both_byte_orders_of_tiff_and_both_ends_of_bmp():
    head = b'MM\0*' + (8).to_bytes(4, 'big') + (2).to_bytes(2, 'big')
    for tag, value in ((256, 37), (257, 21)):
        head += (tag.to_bytes(2, 'big') + b'\0\3\0\0\0\1'
                 + value.to_bytes(2, 'big') + b'\0\0')
    assert declared_size(head) == (37, 21)
    data = bytearray(pillow('BMP'))
    data[22:26] = (-21).to_bytes(4, 'little', signed=True)
    assert declared_size(bytes(data)) == (37, 21)


@pytest.mark.parametrize('data', [
    b'', b'P5 9999999 9999999 255\n', b'\x89PNG\r\n\x1a\n', b'\xff\xd8\xff',
    b'\xff\xd8\xff' + b'\xff' * 99, b'RIFF', b'RIFF0000WEBPVP9 ', b'BM',
    b'II*\0\xff\xff\xff\xff', b'MM\0+', b'GIF8'])
def test_no_size_where_none_is_said(data):
    assert declared_size(data) is None
    check_pixels(data)


def test_the_limit_is_of_pixels():
    data = bytearray(pillow('PNG'))
    data[16:24] = (MAX_PIXELS).to_bytes(4, 'big') + (1).to_bytes(4, 'big')
    check_pixels(bytes(data))
    data[23] = 2
    with pytest.raises(ValueError, match='134,217,728 x 2 pixels; expected'):
        check_pixels(bytes(data))
