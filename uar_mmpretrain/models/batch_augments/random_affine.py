"""Random geometry for a whole batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from mmpretrain.registry import BATCH_AUGMENTS
from torch import Tensor


@BATCH_AUGMENTS.register_module()
class BatchRandomAffine:
    """Flip, rotate, scale and shift every image of a batch at random.

    What ``RandomFlip`` and ``torchvision/RandomAffine`` do image by image,
    as one bilinear sampling of the batch on whatever device it is: on two CPU
    cores the loading worker otherwise takes a third of the time of a small
    network. Sampling at another ``size`` costs nothing more. What lies
    outside an image becomes 0, which after normalisation is the mean grey.

    Args:
        flip (float): Probability of a horizontal flip.
        degrees (float): Rotation, uniform in ``[-degrees, degrees]``.
        translate (float): Shift along each axis, uniform in ``[-t, t]``, as a
            share of the image.
        scale (Sequence[float]): Lower and upper end of the uniform factor by
            which the face grows.
        size (int, optional): Side of the square output in pixels; by default
            that of the input.

    Raises:
        ValueError: If an argument is out of range.
    """

    def __init__(self,
                 flip: float = 0.5,
                 degrees: float = 0.,
                 translate: float = 0.,
                 scale: Sequence[float] = (1., 1.),
                 size: int | None = None) -> None:
        if not 0 <= flip <= 1:
            raise ValueError(f'flip is {flip}; expected a probability.')
        if degrees < 0 or translate < 0:
            raise ValueError(f'degrees is {degrees}, translate {translate}; '
                             'expected half ranges of at least 0.')
        if not 0 < scale[0] <= scale[1]:
            raise ValueError(f'scale is {tuple(scale)}; expected 0 < lower '
                             '<= upper.')
        self.flip = flip
        self.degrees = degrees
        self.translate = translate
        self.scale = tuple(scale)
        self.size = size

    def __call__(self, batch_input: Tensor,
                 batch_score: Tensor) -> tuple[Tensor, Tensor]:
        """Augment a batch.

        Args:
            batch_input (Tensor): ``(N, C, H, W)`` normalised images.
            batch_score (Tensor): ``(N, K)`` soft labels.

        Returns:
            tuple[Tensor, Tensor]: ``(N, C, size, size)`` images, or
            ``(N, C, H, W)`` without a size; the labels as they are.
        """
        num, channels, height, width = batch_input.shape
        if self.size is not None:
            height = width = self.size
        grid = F.affine_grid(
            self._matrices(num).to(batch_input),
            [num, channels, height, width],
            align_corners=False)
        return F.grid_sample(batch_input, grid,
                             align_corners=False), batch_score

    def _matrices(self, num: int) -> Tensor:
        """Return ``(N, 2, 3)``: from a place in the output to the input."""
        angle = torch.deg2rad(_uniform(num, -self.degrees, self.degrees))
        # Output places lie nearer together in the input where a face grows.
        step = 1 / _uniform(num, *self.scale)
        # The coordinates of a grid span 2.
        x, y = (2 * _uniform(num, -self.translate, self.translate)
                for _ in range(2))
        mirror = 1 - 2 * (torch.rand(num) < self.flip).float()
        cos, sin = step * torch.cos(angle), step * torch.sin(angle)
        rows = (torch.stack([mirror * cos, -sin, x], 1),
                torch.stack([mirror * sin, cos, y], 1))
        return torch.stack(rows, 1)


def _uniform(num: int, low: float, high: float) -> Tensor:
    # Drawn on the CPU: the same augmentations on every device.
    return low + (high - low) * torch.rand(num)
