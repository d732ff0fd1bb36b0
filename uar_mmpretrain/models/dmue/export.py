"""The plain classifier inside a DMUE training."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from mmpretrain.models.classifiers import ImageClassifier
from torch import Tensor

_TRAINING_ONLY = ('auxiliary.', 'confidence.')


def export_classifier(
        model: Mapping[str, Any],
        state_dict: Mapping[str, Tensor]) -> tuple[dict, dict[str, Tensor]]:
    """Keep the main branch.

    Args:
        model (Mapping): Config of a ``DMUEClassifier``.
        state_dict (Mapping): Its weights.

    Returns:
        tuple[dict, dict[str, Tensor]]: Config and weights of an
        ``ImageClassifier`` that gives the same scores.

    Raises:
        ValueError: If the model is another, or the weights have nothing to
            drop.
    """
    if model.get('type') != 'DMUEClassifier':
        raise ValueError(f'model.type={model.get("type")!r}; only a '
                         'DMUEClassifier has branches to drop.')
    kept = {key: weight for key, weight in state_dict.items()
            if not key.startswith(_TRAINING_ONLY)}
    if len(kept) == len(state_dict):
        raise ValueError('the weights have no auxiliary branches: they are '
                         'exported already, or of another model.')
    known = inspect.signature(ImageClassifier).parameters
    plain = {key: value for key, value in model.items() if key in known}
    return dict(plain, type='ImageClassifier'), kept
