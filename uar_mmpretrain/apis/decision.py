"""What is decided about one image, and about many."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ..files.atomic_write import atomic_write
from .inputs import Item
from .reasons import Thresholds, explain


@dataclass(frozen=True)
class Decision:
    """What the model and its router say of one image.

    A failed image has an ``error`` and nothing else; an image without a
    router has no ``action``; a single member has no ``epistemic``.

    Args:
        source (str): Path of the file, ``PATH#N`` for frame N of a video,
            ``array N`` for the N-th input.
        label (str | None): The most probable class.
        distribution (Mapping[str, float]): Mean probability over the
            members, by class name, after the router's temperature.
        member_scores (np.ndarray | None): ``(M, C)`` probabilities.
        total (float | None): Total uncertainty in nats, like both parts as
            the router sees it (after its temperature).
        aleatoric (float | None): Part that people would disagree about too.
        epistemic (float | None): Disagreement of the members.
        score (float | None): What the router compares with its rejection
            threshold.
        score_name (str): 'epistemic', or the name of a channel.
        action (str | None): 'ACCEPT', 'REPORT' or 'REJECT'.
        reason (str): The decision in plain words.
        error (str | None): Why there is no decision.
        face (tuple[int, int, int, int] | None): Left, top, width and height
            in pixels of the face judged, if faces were detected.
    """

    source: str
    label: str | None = None
    distribution: Mapping[str, float] = field(default_factory=dict)
    member_scores: np.ndarray | None = None
    total: float | None = None
    aleatoric: float | None = None
    epistemic: float | None = None
    score: float | None = None
    score_name: str = 'epistemic'
    action: str | None = None
    reason: str = ''
    error: str | None = None
    face: tuple[int, int, int, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values; member scores as nested lists."""
        record = asdict(self)
        if self.member_scores is not None:
            record['member_scores'] = self.member_scores.tolist()
        return record


def make_decision(item: Item,
                  classes: Sequence[str],
                  member_scores: np.ndarray,
                  parts: Sequence[float | None],
                  score: float | None = None,
                  action: str | None = None,
                  thresholds: Thresholds | None = None,
                  mean_scores: np.ndarray | None = None) -> Decision:
    """Put the numbers of one image into words.

    Args:
        item (Item): The image.
        classes (Sequence[str]): C class names.
        member_scores (np.ndarray): ``(M, C)`` probabilities.
        parts (Sequence[float | None]): Total, aleatoric and epistemic (None
            for one member) in nats.
        score (float | None): What the router compares with its rejection
            threshold.
        action (str | None): 'ACCEPT', 'REPORT', 'REJECT', or None without
            a router.
        thresholds (Thresholds | None): The router's.
        mean_scores (np.ndarray | None): ``(C,)`` distribution, where it is
            not the mean of the members: after the router's temperature.

    Returns:
        Decision: Label, distribution, reason and all of these.
    """
    if mean_scores is None:
        mean_scores = member_scores.mean(0)
    distribution = dict(zip(classes, mean_scores.tolist()))
    total, aleatoric, epistemic = parts
    return Decision(
        source=item.source, face=item.face,
        label=classes[int(mean_scores.argmax())], distribution=distribution,
        member_scores=member_scores, total=total, aleatoric=aleatoric,
        epistemic=epistemic, score=score,
        score_name=thresholds.score_name if thresholds else 'epistemic',
        action=action,
        reason=explain(distribution, aleatoric, score, action, thresholds))


class Decisions(list):
    """Decisions in the order of the inputs; failed images keep their place.

    An image with several faces has one decision per face.
    """

    @property
    def failed(self) -> Decisions:
        """Those with an error."""
        return Decisions(one for one in self if one.error is not None)

    def to_pandas(self) -> Any:
        """Return a data frame of one row per decision.

        Columns: the fields of :class:`Decision`, with ``prob_<class>`` for
        the distribution, ``member<m>_<class>`` for the member scores, as in
        ``predictions.parquet``, and ``face_x`` to ``face_h``.
        """
        import pandas as pd
        return pd.DataFrame([_flat(one) for one in self])

    def write_jsonl(self, path: str | os.PathLike) -> None:
        """Write one JSON object per line."""
        with atomic_write(path) as beside, beside.open(
                'w', encoding='utf-8') as file:
            for one in self:
                file.write(json.dumps(one.to_dict()) + '\n')


def _flat(decision: Decision) -> dict[str, Any]:
    row = decision.to_dict()
    row.update({f'prob_{name}': value
                for name, value in row.pop('distribution').items()})
    for m, scores in enumerate(row.pop('member_scores') or ()):
        row.update({f'member{m}_{name}': score
                    for name, score in zip(decision.distribution, scores)})
    face = row.pop('face')
    if face is not None:
        row.update(zip(('face_x', 'face_y', 'face_w', 'face_h'), face))
    return row
