"""The block of text that says which images and labels a result stands on."""

from __future__ import annotations

import hashlib
import os

import numpy as np

from ..evaluation.functional import vote_entropy
from .records import LabelRecords
from .targets import Targets

__all__ = ['class_counts', 'file_digest', 'summarize']


def class_counts(labels: np.ndarray, classes: tuple[str, ...]) -> dict:
    """How many labels fall on each class; -1 is not counted."""
    counts = np.bincount(labels[labels >= 0], minlength=len(classes))
    return {name: int(count) for name, count in zip(classes, counts)}


def file_digest(path: str | os.PathLike) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        for block in iter(lambda: file.read(1 << 20), b''):
            digest.update(block)
    return digest.hexdigest()


def summarize(title: str, fields: dict, records: LabelRecords,
              targets: Targets, classes: tuple[str, ...]) -> str:
    """Write the block.

    Args:
        title: Data set and split.
        fields: ``num_images``, ``num_named``, ``label_rule``,
            ``eval_rule``, ``label_file`` and, where that is a file,
            ``label_sha256``.
        records: The images that were found.
        targets: Their targets.
        classes: Names of the classes of the targets.
    """
    judged = targets.kept & (targets.eval_labels >= 0)
    lines = [
        f'{title}   {fields["num_images"]:,} of {fields["num_named"]:,} '
        f'images   labels: {fields["label_file"]}'
    ]
    if 'label_sha256' in fields:
        lines[0] += f' (sha256 {fields["label_sha256"][:12]})'
    for name, mask, labels in (('label rule', targets.kept, targets.labels),
                               ('eval rule', judged, targets.eval_labels)):
        rule = fields[name.replace(' ', '_')]
        counts = class_counts(labels[mask], classes)
        lines.append(f'  {name} {rule} -> {mask.sum():,}: ' + '  '.join(
            f'{key} {count}' for key, count in counts.items()))
    lines.append('  ' + '   '.join(_label_facts(records, targets, judged)))
    lines += [f'  {note}' for note in records.notes]
    return '\n'.join(lines)


def _label_facts(records: LabelRecords, targets: Targets,
                 judged: np.ndarray) -> list[str]:
    facts = [_label_kind(records)]
    if records.votes is not None or records.probs is not None:
        kind = 'vote' if records.votes is not None else 'label'
        entropy = vote_entropy(records.shares)
        fact = f'mean {kind} entropy {entropy[targets.kept].mean():.3f} nats'
        if judged.any() and not np.array_equal(judged, targets.kept):
            fact += f' ({entropy[judged].mean():.3f} on the judged images)'
        facts += [fact, f'ties {targets.num_ties:,}']
    if targets.dropped_mass > 1e-6:
        facts.append(f'{targets.dropped_mass:.2%} of the mass was on classes '
                     'left out')
    return facts


def _label_kind(records: LabelRecords) -> str:
    if records.votes is None:
        return 'probabilities' if records.probs is not None else 'hard labels'
    totals = records.votes.sum(axis=1)
    if records.extra_votes is not None:
        totals = totals + records.extra_votes.sum(axis=1)
    values, counts = np.unique(totals, return_counts=True)
    usual = values[counts.argmax()]
    if len(values) == 1:
        return f'{usual:g} votes per image'
    if len(values) <= 4:
        others = ' and '.join(
            f'{count:,} with {value:g}'
            for value, count in zip(values, counts) if value != usual)
        return f'{usual:g} votes per image, except {others}'
    return (f'{values[0]:g} to {values[-1]:g} votes per image, mean '
            f'{totals.mean():.1f}')
