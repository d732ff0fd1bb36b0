"""Accuracy and uncertainty of every class, by name."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from .prediction_table import PredictionTable
from .report import NO_LABELS, Report


def per_class_report(table: PredictionTable,
                     kind: str = 'entropy') -> Report:
    """Break the clean images that have an evaluation label down by class.

    Values: ``num_images``; ``balanced_accuracy``, the mean recall of the
    classes that occur; ``f1_macro``, the mean F1 of the classes that occur
    or are predicted. Details, X a class of the table: ``num_images_X``,
    ``precision_X``, ``recall_X``, ``f1_X``, and the means over its images
    ``vote_entropy_X`` (nats, over those with votes) and ``aleatoric_X``. What
    is undefined is left out: the precision of a class never predicted, the
    recall and the means of one that does not occur.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.

    Returns:
        Report: Floats with stable keys; without labels only a note.
    """
    rows = table.is_clean & (table.eval_label >= 0)
    if not rows.any():
        return Report(notes=dict(per_class=NO_LABELS))
    judged = table.select(rows)
    precision, recall, f1, count = precision_recall_fscore_support(
        judged.eval_label, judged.mean_scores.argmax(1),
        labels=np.arange(len(table.classes)), zero_division=np.nan)
    columns = dict(
        num_images=count, precision=precision, recall=recall, f1=f1,
        vote_entropy=_class_means(judged, judged.vote_entropy()),
        aleatoric=_class_means(judged, judged.decompose(kind).aleatoric))
    return Report(
        values=dict(num_images=float(rows.sum()),
                    balanced_accuracy=float(np.nanmean(recall)),
                    f1_macro=float(np.nanmean(f1))),
        details={f'{column}_{name}': float(value)
                 for column, values in columns.items()
                 for name, value in zip(table.classes, values)
                 if not np.isnan(value)})


def _class_means(table: PredictionTable, values: np.ndarray) -> np.ndarray:
    """Return ``(C,)`` means over each class's images, NaN if it has none."""
    with warnings.catch_warnings():
        # Classes without images, or without votes.
        warnings.simplefilter('ignore', RuntimeWarning)
        return np.array([np.nanmean(values[table.eval_label == c])
                         for c in range(len(table.classes))])
