"""Writing member scores and their decomposition into data samples."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmpretrain.structures import DataSample

from ..uncertainty import decompose


def set_member_scores(
        data_samples: Sequence[DataSample | None] | None,
        member_scores: torch.Tensor,
        kind: str = 'entropy') -> list[DataSample]:
    """Give each data sample its member scores and what follows from them.

    Sets ``pred_score`` (mean over members), ``pred_label``,
    ``member_scores`` and the floats ``total``, ``aleatoric`` and, for more
    than one member, ``epistemic``.

    Args:
        data_samples (Sequence[DataSample | None] | None): N samples to write
            to; missing ones are made.
        member_scores (torch.Tensor): ``(N, M, C)`` probabilities.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.

    Returns:
        list[DataSample]: The N samples.
    """
    if data_samples is None:
        data_samples = [None] * len(member_scores)
    mean = member_scores.mean(1)
    labels = mean.argmax(-1, keepdim=True)
    parts = decompose(member_scores, kind)
    fields = dict(total=parts.total.tolist(),
                  aleatoric=parts.aleatoric.tolist())
    if parts.has_epistemic:
        fields['epistemic'] = parts.epistemic.tolist()
    out = []
    for i, sample in enumerate(data_samples):
        sample = DataSample() if sample is None else sample
        sample.set_pred_score(mean[i]).set_pred_label(labels[i])
        sample.set_field(member_scores[i], 'member_scores')
        for name, values in fields.items():
            sample.set_field(values[i], name)
        out.append(sample)
    return out
