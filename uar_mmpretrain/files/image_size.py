"""The size an image file says it has, before anything of it is decoded.

A few hundred bytes can hold a picture of a billion equal pixels: decoding it
would fill the memory. Pillow's ``Image.open`` knows these sizes too, but takes
as long as decoding a small face. Imports nothing of OpenMMLab.
"""

from __future__ import annotations

import struct

MAX_PIXELS = 2**27
"""134 million; the largest cameras have fewer, and 400 MB are taken."""

# Start of a JPEG frame, all but those that only define tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Markers that stand alone, without a length.
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_TYPES = {3: 'H', 4: 'I', 16: 'Q'}


def check_pixels(data: bytes) -> None:
    """Refuse an image that says it has more than :data:`MAX_PIXELS`.

    Raises:
        ValueError: If so.
    """
    size = declared_size(data)
    if size and size[0] * size[1] > MAX_PIXELS:
        raise ValueError(
            f'{len(data):,} bytes that say they are {size[0]:,} x '
            f'{size[1]:,} pixels; expected at most {MAX_PIXELS:,} in all. '
            'Make the picture smaller, or take it off the list.')


def declared_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in the head of a PNG, JPEG, GIF, WebP, BMP or TIFF.

    Args:
        data (bytes): Content of the file.

    Returns:
        tuple[int, int] | None: None for another format, or a damaged head.
    """
    for start, read in _READERS:
        if data.startswith(start):
            try:
                return read(data)
            except (struct.error, IndexError):
                return None
    return None


def _png(data: bytes) -> tuple[int, int]:
    return struct.unpack_from('>II', data, 16)


def _gif(data: bytes) -> tuple[int, int]:
    return struct.unpack_from('<HH', data, 6)


def _bmp(data: bytes) -> tuple[int, int]:
    (head, ) = struct.unpack_from('<I', data, 14)
    # A negative height means that the top row comes first.
    width, height = struct.unpack_from('<HH' if head == 12 else '<ii', data,
                                       18)
    return abs(width), abs(height)


def _webp(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b'VP8X':
        return (1 + int.from_bytes(data[24:27], 'little'),
                1 + int.from_bytes(data[27:30], 'little'))
    if kind == b'VP8L':
        (bits, ) = struct.unpack_from('<I', data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b'VP8 ':
        width, height = struct.unpack_from('<HH', data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    place = 2
    while True:
        # Any number of fill bytes may stand before a marker.
        while data[place] == 0xFF:
            place += 1
        marker = data[place]
        place += 1
        if marker in _FRAMES:
            height, width = struct.unpack_from('>HH', data, place + 3)
            return width, height
        if marker not in _ALONE:
            place += struct.unpack_from('>H', data, place)[0]
        # What is between two segments is passed over, as decoders do.
        place = data.find(b'\xff', place)
        if place < 0:
            return None


def _tiff(data: bytes) -> tuple[int, int] | None:
    order = '<' if data.startswith(b'II') else '>'
    big = struct.unpack_from(f'{order}H', data, 2)[0] == 43
    # Number of entries, bytes of an entry, and where its value stands.
    count, entry, value = ('Q', 20, 12) if big else ('H', 12, 8)
    (place, ) = struct.unpack_from(f'{order}{"Q" if big else "I"}', data,
                                   8 if big else 4)
    (number, ) = struct.unpack_from(f'{order}{count}', data, place)
    place += struct.calcsize(f'={count}')
    found = {}
    for start in range(place, min(place + number * entry, len(data)), entry):
        tag, kind = struct.unpack_from(f'{order}HH', data, start)
        if tag in (_TIFF_WIDTH, _TIFF_HEIGHT) and kind in _TIFF_TYPES:
            (found[tag], ) = struct.unpack_from(
                f'{order}{_TIFF_TYPES[kind]}', data, start + value)
    if len(found) < 2:
        return None
    return found[_TIFF_WIDTH], found[_TIFF_HEIGHT]


_READERS = (
    (b'\x89PNG\r\n\x1a\n', _png),
    (b'\xff\xd8\xff', _jpeg),
    (b'GIF8', _gif),
    (b'RIFF', _webp),
    (b'BM', _bmp),
    (b'II*\0', _tiff),
    (b'MM\0*', _tiff),
    (b'II+\0', _tiff),
    (b'MM\0+', _tiff),
)
