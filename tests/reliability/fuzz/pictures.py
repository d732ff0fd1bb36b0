"""Small pictures in every format, and what is odd about some of them."""

import io
import struct
import zlib

import cv2
import numpy as np
from PIL import Image

from uar_mmpretrain.datasets.synthetic_faces import SyntheticFaces
from uar_mmpretrain.datasets.transforms import RenderFace


def drawn_face(size=24):
    """One drawn face, (size, size, 3) uint8 BGR."""
    dataset = SyntheticFaces(num_images=1, image_size=size, pipeline=[])
    return RenderFace().transform(dataset.get_data_info(0))['img']


def encoded(image, suffix):
    good, data = cv2.imencode(suffix, image)
    assert good
    return data.tobytes()


def by_pillow(image, kind, mode='RGB', **options):
    out = io.BytesIO()
    picture = Image.fromarray(image[..., ::-1])
    picture.convert(mode).save(out, kind, **options)
    return out.getvalue()


def all_formats():
    """Name to bytes, all of which decode."""
    face = drawn_face()
    exif = Image.Exif()
    exif[0x112] = 6
    frames = [Image.fromarray(face[..., ::-1].copy() // k) for k in (1, 2, 3)]
    animated = io.BytesIO()
    frames[0].save(animated, 'GIF', save_all=True, append_images=frames[1:])
    wide = face.astype(np.uint16) * 257
    return {
        'png': encoded(face, '.png'),
        'jpeg': encoded(face, '.jpg'),
        'webp': encoded(face, '.webp'),
        'gif': by_pillow(face, 'GIF', 'P'),
        'tiff': encoded(face, '.tiff'),
        'bmp': encoded(face, '.bmp'),
        'pgm': encoded(face[..., 0], '.pgm'),
        '16 bits': encoded(wide, '.png'),
        '16 bits tiff': encoded(wide, '.tiff'),
        'alpha': by_pillow(face, 'PNG', 'RGBA'),
        'alpha webp': by_pillow(face, 'WEBP', 'RGBA', lossless=True),
        'palette': by_pillow(face, 'PNG', 'P'),
        'one bit': by_pillow(face, 'PNG', '1'),
        'CMYK': by_pillow(face, 'JPEG', 'CMYK'),
        'progressive': by_pillow(face, 'JPEG', progressive=True),
        'rotated': by_pillow(face[:12], 'JPEG', exif=exif),
        'animated': animated.getvalue(),
    }


def chunk(kind, data):
    return (struct.pack('>I', len(data)) + kind + data
            + struct.pack('>I', zlib.crc32(kind + data)))


def png_bomb(width, height):
    """A real one: a few hundred kilobytes that are this many pixels."""
    pack = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    data = b''.join([pack.compress(row) for _ in range(height)]
                    + [pack.flush()])
    head = struct.pack('>IIBBBBB', width, height, 1, 0, 0, 0, 0)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', data)
            + chunk(b'IEND', b''))


def with_size(data, kind, width, height):
    """The same bytes that say they are of another size."""
    if kind == 'png':
        head = struct.pack('>II', width, height) + data[24:29]
        return data[:8] + chunk(b'IHDR', head) + data[33:]
    if kind == 'bmp':
        return data[:18] + struct.pack('<ii', width, height) + data[26:]
    if kind == 'gif':
        return data[:6] + struct.pack('<HH', width, height) + data[10:]
    assert kind == 'jpeg'
    place = data.index(b'\xff\xc0') + 5
    return data[:place] + struct.pack('>HH', height, width) + data[place + 4:]
