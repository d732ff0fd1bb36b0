"""Averages over boxes as Pillow computes them."""

from __future__ import annotations

import numpy as np

from .decorators import kernel


@kernel
def pixelate(image: np.ndarray, across: np.ndarray, down: np.ndarray,
             columns: np.ndarray, rows: np.ndarray,
             weight_bits: int) -> np.ndarray:
    """Average boxes and repeat the averages.

    Args:
        image (np.ndarray): (H, W, 3) uint8.
        across (np.ndarray): int32 (3, w): start, end and fixed-point weight
            of the boxes of a row.
        down (np.ndarray): int32 (3, h), the same for a column.
        columns (np.ndarray): int32 (W, ), which of the w averages each
            position repeats.
        rows (np.ndarray): int32 (H, ), the same for the h averages.
        weight_bits (int): Fractional bits of the weights.

    Returns:
        np.ndarray: HWC uint8.
    """
    # Along the rows first, rounded to 8 bits, then along the columns.
    narrow = _average_across(image, across, weight_bits)
    small = _average_down(narrow, down, weight_bits)
    height, width, _ = image.shape
    out = np.empty_like(image)
    for y in range(height):
        if y and rows[y] == rows[y - 1]:
            out[y] = out[y - 1]
            continue
        row = small[rows[y]]
        for x in range(width):
            column = columns[x]
            out[y, x, 0] = row[column, 0]
            out[y, x, 1] = row[column, 1]
            out[y, x, 2] = row[column, 2]
    return out


@kernel
def _average_across(image: np.ndarray, boxes: np.ndarray,
                    weight_bits: int) -> np.ndarray:
    half = np.int32(1 << (weight_bits - 1))
    height, width = len(image), boxes.shape[1]
    out = np.empty((height, width, 3), np.uint8)
    for y in range(height):
        row = image[y]
        for x in range(width):
            blue = green = red = np.int32(0)
            for k in range(boxes[0, x], boxes[1, x]):
                blue += np.int32(row[k, 0])
                green += np.int32(row[k, 1])
                red += np.int32(row[k, 2])
            weight = boxes[2, x]
            out[y, x, 0] = (blue * weight + half) >> weight_bits
            out[y, x, 1] = (green * weight + half) >> weight_bits
            out[y, x, 2] = (red * weight + half) >> weight_bits
    return out


@kernel
def _average_down(image: np.ndarray, boxes: np.ndarray,
                  weight_bits: int) -> np.ndarray:
    half = np.int32(1 << (weight_bits - 1))
    width = image.shape[1]
    out = np.empty((boxes.shape[1], width, 3), np.uint8)
    totals = np.empty(width * 3, np.int32)
    for y in range(len(out)):
        totals[:] = 0
        for k in range(boxes[0, y], boxes[1, y]):
            row = image[k].reshape(-1)
            for x in range(totals.size):
                totals[x] += np.int32(row[x])
        row = out[y].reshape(-1)
        for x in range(totals.size):
            row[x] = (totals[x] * boxes[2, y] + half) >> weight_bits
    return out
