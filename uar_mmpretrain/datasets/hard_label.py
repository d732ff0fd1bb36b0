"""The one class of an image, for methods that learn from single labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmpretrain.structures import DataSample


def hard_label(item: Mapping[str, Any] | DataSample) -> Any:
    """Return the class an image is trained as where one is asked for.

    ``gt_label``: it names one of several classes with equally many votes, as
    the rule of the data set has it, and what ``NoisyLabels`` made of it. The
    first of the largest shares only where there is none.

    Args:
        item (Mapping or DataSample): With ``gt_label`` or ``gt_score`` (C,).

    Returns:
        int, np.ndarray or Tensor: One number, of the kind of the field that
        it was found in.

    Raises:
        ValueError: If it has neither.
    """
    label, shares = item.get('gt_label'), item.get('gt_score')
    if label is not None:
        return label
    if shares is None:
        raise ValueError(
            'an image has neither gt_label nor gt_score, but a method that '
            'learns from single labels needs one of them; check what the '
            'training pipeline packs.')
    return shares.argmax()
