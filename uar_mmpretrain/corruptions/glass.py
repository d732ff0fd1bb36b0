"""Glass blur: pixels shuffled within a small window between two blurs."""

from __future__ import annotations

import cv2
import numpy as np

from .backend import kernels
from .filters import gaussian, truncate
from .registry import register
from .seeding import Key, random_integers

Params = tuple[float, int, int]


def draw_glass_blur(key: Key, shape: tuple[int, int, int],
                    params: Params) -> list[np.ndarray]:
    """Draw the displacements of every visited pixel.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (tuple[float, int, int]): Sigma, furthest displacement d,
            iterations.

    Returns:
        list[np.ndarray]: Per iteration (n, 2) int32 (dx, dy) from -d to
        d - 1, in the order in which pixels are visited.
    """
    _, reach, iterations = params
    height, width = shape[:2]
    visits = max(height - 2 * reach, 0) * max(width - 2 * reach, 0)
    return [
        random_integers(key.word(stream), 2 * visits, -reach,
                        reach).reshape(visits, 2)
        for stream in range(iterations)
    ]


@register('glass_blur', draw=draw_glass_blur)
def glass_blur(image: np.ndarray, params: Params,
               draws: list[np.ndarray]) -> np.ndarray:
    """Blur, let every pixel take the value of a near one, blur again.

    Pixels are visited from the bottom right to the top left; each is
    overwritten with what its displaced neighbour holds at that time. It is a
    copy and not a swap: the reference's tuple assignment acts on views.

    Args:
        image (np.ndarray): HWC uint8.
        params (tuple[float, int, int]): Sigma in pixels, furthest
            displacement in pixels, iterations.
        draws (list[np.ndarray]): Displacements, see :func:`draw_glass_blur`.

    Returns:
        np.ndarray: HWC uint8.
    """
    sigma, reach, _ = params
    blurred = truncate(gaussian(image, sigma))
    height, width = image.shape[:2]
    # Four bytes per pixel, so that a pixel moves as one word.
    pixels = cv2.cvtColor(blurred, cv2.COLOR_BGR2BGRA).view(np.uint32)
    compiled = kernels()
    for offsets in draws:
        if compiled:
            compiled.copy_neighbours(pixels[..., 0], offsets, reach)
        else:
            index = sources(offsets, reach, height, width)
            pixels = pixels.reshape(-1)[index].reshape(pixels.shape)
    colours = np.asarray(
        cv2.cvtColor(pixels.view(np.uint8), cv2.COLOR_BGRA2BGR))
    return truncate(gaussian(colours, sigma))


def sources(offsets: np.ndarray, reach: int, height: int,
             width: int) -> np.ndarray:
    """Where every pixel's value comes from, after one iteration.

    The shuffle never looks at values, so it is a map between positions. A
    pixel whose neighbour was visited before it takes what that one received:
    such chains are followed for all pixels at once by pointer doubling.

    Args:
        offsets (np.ndarray): (n, 2) int, see :func:`draw_glass_blur`.
        reach (int): Furthest displacement in pixels.
        height (int): Of the image.
        width (int): Of the image.

    Returns:
        np.ndarray: int32, shape (H W, ), flat positions.
    """
    # An image within the reach of its own border is not shuffled at all.
    rows, columns = max(height - 2 * reach, 0), max(width - 2 * reach, 0)
    grid = np.arange(height * width, dtype=np.int32).reshape(height, width)
    # Visiting order is descending.
    moves = offsets[::-1].astype(np.int32).reshape(rows, columns, 2)
    visited = grid[reach + 1:height - reach + 1, reach + 1:width - reach + 1]
    target = visited + moves[..., 1] * width + moves[..., 0]
    inside = np.zeros((height, width), bool)
    inside[reach + 1:height - reach + 1, reach + 1:width - reach + 1] = True
    # Nodes 0 .. HW - 1: what a pixel received; HW ..: what it held before.
    before = height * width
    follow = inside.ravel()[target] & (target > visited)
    chain = np.arange(before, 2 * before, dtype=np.int32)
    np.copyto(
        chain.reshape(height, width)[reach + 1:height - reach + 1,
                                     reach + 1:width - reach + 1],
        np.where(follow, target, target + before))
    pending = visited[follow]
    while pending.size:
        chain[pending] = chain[chain[pending]]
        pending = pending[chain[pending] < before]
    return chain - before
