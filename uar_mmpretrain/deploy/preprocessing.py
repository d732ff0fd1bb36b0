"""From a picture of any size to the pixels that a graph takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

# mmcv's names.
INTERPOLATIONS = {
    'nearest': cv2.INTER_NEAREST,
    'bilinear': cv2.INTER_LINEAR,
    'bicubic': cv2.INTER_CUBIC,
    'area': cv2.INTER_AREA,
    'lanczos': cv2.INTER_LANCZOS4,
}


@dataclass(frozen=True)
class Preprocessing:
    """What happens to a picture before the network sees it.

    Size and grey are made outside the graph, by :meth:`prepare`; the order of
    the colours and the normalisation are in it.

    Args:
        height (int): Of the network's images, in pixels.
        width (int): Likewise.
        interpolation (str): Of resizing, by mmcv's name.
        grayscale (bool): Whether colour is taken away afterwards.
        to_rgb (bool): Whether the network takes RGB; pictures are BGR.
        mean (Sequence[float]): Subtracted from the 0 to 255 of each channel,
            in the network's order.
        std (Sequence[float]): Divided by afterwards.

    Raises:
        ValueError: If a side is not positive, the interpolation is unknown,
            or there are not three means and three standard deviations.
    """

    height: int
    width: int
    interpolation: str = 'bilinear'
    grayscale: bool = False
    to_rgb: bool = False
    mean: Sequence[float] = (0., 0., 0.)
    std: Sequence[float] = (1., 1., 1.)

    def __post_init__(self) -> None:
        if min(self.height, self.width) < 1:
            raise ValueError(f'images of {self.height} x {self.width} pixels; '
                             'expected positive sides.')
        if self.interpolation not in INTERPOLATIONS:
            raise ValueError(
                f'interpolation {self.interpolation!r}; expected one of '
                f'{", ".join(INTERPOLATIONS)}.')
        for name in ('mean', 'std'):
            values = tuple(map(float, getattr(self, name)))
            if len(values) != 3:
                raise ValueError(f'{name} is {values}; expected three '
                                 'numbers, one per colour.')
            object.__setattr__(self, name, values)

    def prepare(self, image: np.ndarray) -> np.ndarray:
        """Bring a picture to the size, and the grey, of the network's images.

        Args:
            image (np.ndarray): ``(H, W, 3)`` uint8 BGR.

        Returns:
            np.ndarray: ``(height, width, 3)`` uint8 BGR.
        """
        if image.shape[:2] != (self.height, self.width):
            image = cv2.resize(
                image, (self.width, self.height),
                interpolation=INTERPOLATIONS[self.interpolation])
        if self.grayscale:
            grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
            image = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
        return image
