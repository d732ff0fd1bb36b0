"""Writing member scores and their decomposition into data samples."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmpretrain.structures import DataSample

from ..uncertainty import decompose
from .nonfinite import usable_members


def set_member_scores(
        data_samples: Sequence[DataSample | None] | None,
        member_scores: torch.Tensor,
        kind: str = 'entropy',
        on_nonfinite: str = 'error') -> list[DataSample]:
    """Give each data sample its member scores and what follows from them.

    Sets ``pred_score`` (mean over members), ``pred_label``,
    ``member_scores`` and the floats ``total``, ``aleatoric`` and, for more
    than one member, ``epistemic``.

    Args:
        data_samples (Sequence[DataSample | None] | None): N samples to write
            to; missing ones are made.
        member_scores (torch.Tensor): ``(N, M, C)`` probabilities.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        on_nonfinite (str): What to do about a member whose scores of an
            image are not finite: 'error', or 'exclude' to summarise the
            others and name it in ``excluded_members``.

    Returns:
        list[DataSample]: The N samples.

    Raises:
        ValueError: If scores are no probabilities; see also
            :func:`.usable_members`.
    """
    if data_samples is None:
        data_samples = [None] * len(member_scores)
    samples = [DataSample() if sample is None else sample
               for sample in data_samples]
    usable = usable_members(member_scores, data_samples, on_nonfinite)
    if usable is None:
        _summarise(samples, member_scores, kind)
        return samples
    # Image by image: each may be without other members.
    for sample, scores, kept in zip(samples, member_scores, usable):
        _summarise([sample], scores[kept][None], kind)
        sample.set_field(scores, 'member_scores')
        sample.set_field((~kept).nonzero().flatten().tolist(),
                         'excluded_members')
    return samples


def _summarise(samples: Sequence[DataSample], member_scores: torch.Tensor,
               kind: str) -> None:
    mean = member_scores.mean(1)
    labels = mean.argmax(-1, keepdim=True)
    parts = decompose(member_scores, kind)
    fields = dict(total=parts.total.tolist(),
                  aleatoric=parts.aleatoric.tolist())
    if parts.has_epistemic:
        fields['epistemic'] = parts.epistemic.tolist()
    for i, sample in enumerate(samples):
        sample.set_pred_score(mean[i]).set_pred_label(labels[i])
        sample.set_field(member_scores[i], 'member_scores')
        for name, values in fields.items():
            sample.set_field(values[i], name)
