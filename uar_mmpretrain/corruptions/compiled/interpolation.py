"""Linear interpolation as OpenCV's vector code does it."""

from __future__ import annotations

import cv2
import numpy as np

from .decorators import fma, kernel


@kernel
def _lerp(first: np.float32, second: np.float32,
          share: np.float32) -> np.float32:
    return fma(share, second - first, first)


def rounds_like_opencv() -> bool:
    """Tell whether OpenCV interpolates finely and fuses multiply-add."""
    pair = np.array([[0.1, 100 / 3]], np.float32)
    step = np.float32(1 / 31)
    ours = [_lerp(*pair[0], np.float32(i) * step) for i in range(32)]
    theirs = cv2.warpAffine(
        pair, np.array([[step, 0, 0], [0, 0, 0]], np.float64), (32, 1),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE)
    return bool((np.array(ours) == theirs[0]).all())


@kernel
def zoom(source: np.ndarray, left: np.ndarray, right: np.ndarray,
         share_x: np.ndarray, top: np.ndarray, bottom: np.ndarray,
         share_y: np.ndarray, tie: np.float32) -> np.ndarray:
    """Average a picture, counted twice, with its enlargements, truncated.

    Args:
        source (np.ndarray): float32 (H, W C), flat rows.
        left (np.ndarray): int32 (L, W C): per enlargement and value of a
            row, where the left of the two source values lies.
        right (np.ndarray): The same for the right one.
        share_x (np.ndarray): float32 (L, W C), weight of the right one.
        top (np.ndarray): int32 (L, H), the upper source row.
        bottom (np.ndarray): int32 (L, H), the lower source row.
        share_y (np.ndarray): float32 (L, H), weight of the lower one.
        tie (np.float32): Added before truncation.

    Returns:
        np.ndarray: uint8 (H, W C).
    """
    height, length = source.shape
    layers = len(left)
    divisor = np.float32(layers + 2)
    out = np.empty((height, length), np.uint8)
    total = np.empty(length, np.float32)
    # Rows already interpolated across: an even and an odd one per layer.
    across = np.empty((layers, 2, length), np.float32)
    held = np.full((layers, 2), -1, np.int32)
    for y in range(height):
        total[:] = source[y] * np.float32(2)
        for layer in range(layers):
            for row in (top[layer, y], bottom[layer, y]):
                if held[layer, row & 1] != row:
                    held[layer, row & 1] = row
                    _across(source[row], left[layer], right[layer],
                            share_x[layer], across[layer, row & 1])
            upper = across[layer, top[layer, y] & 1]
            lower = across[layer, bottom[layer, y] & 1]
            share = share_y[layer, y]
            for k in range(length):
                total[k] += fma(share, lower[k] - upper[k], upper[k])
        for k in range(length):
            out[y, k] = np.uint8(total[k] / divisor + tie)
    return out


@kernel
def _across(row: np.ndarray, left: np.ndarray, right: np.ndarray,
            share: np.ndarray, out: np.ndarray) -> None:
    for k in range(len(out)):
        first = row[left[k]]
        out[k] = fma(share[k], row[right[k]] - first, first)
