"""Cutting out the annotated face."""

from __future__ import annotations

from mmcv.transforms import BaseTransform
from mmpretrain.registry import TRANSFORMS


@TRANSFORMS.register_module()
class CropBox(BaseTransform):
    """Crop to the item's face ``box``, where it has one.

    Args:
        margin (float): Share of the box's sides added on every side.

    Raises:
        ValueError: If the margin is negative, or a box does not overlap its
            image.
    """

    def __init__(self, margin: float = 0.) -> None:
        if margin < 0:
            raise ValueError(f'margin={margin}; expected 0 or more.')
        self.margin = margin

    def transform(self, results: dict) -> dict:
        """Crop ``results['img']`` ``(H, W, C)`` and set ``img_shape``."""
        if 'box' not in results:
            return results
        image = results['img']
        height, width = image.shape[:2]
        x1, y1, x2, y2 = results['box']
        dx, dy = self.margin * (x2 - x1), self.margin * (y2 - y1)
        left, right = max(0, round(x1 - dx)), min(width, round(x2 + dx))
        top, bottom = max(0, round(y1 - dy)), min(height, round(y2 + dy))
        if left >= right or top >= bottom:
            raise ValueError(
                f'{results.get("img_path")}: face box {results["box"]} does '
                f'not overlap the image of {width} x {height} pixels. '
                'Correct the box in the label file, or remove the row.')
        results['img'] = image[top:bottom, left:right]
        results['img_shape'] = results['img'].shape[:2]
        return results
