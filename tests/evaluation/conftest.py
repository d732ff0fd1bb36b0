"""Predictions of a made-up ensemble on made-up faces."""

import zlib

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import PredictionTable

CLASSES = ('neutral', 'happiness', 'sadness', 'surprise')
CORRUPTIONS = ('contrast', 'gaussian_noise', 'pixelate')


def make_predictions(num_images=60, corruptions=CORRUPTIONS,
                     severities=(1, 5), num_members=3, seed=0):
    """Members agree on clean faces and less so the stronger a corruption.

    A member's logits are those of the face's own distribution, flattened by
    the severity, plus noise that grows with it.
    """
    rng = np.random.default_rng(seed)
    truth = rng.dirichlet(np.full(len(CLASSES), 0.3), size=num_images)
    votes = np.stack([rng.multinomial(10, row) for row in truth])
    columns = {name: [] for name in ('image_id', 'corruption', 'severity',
                                     'votes', 'member_scores')}
    variants = [('clean', 0)] + [(c, s) for c in corruptions
                                 for s in severities]
    for corruption, severity in variants:
        noise = np.random.default_rng(
            (seed, zlib.crc32(corruption.encode()), severity))
        logits = (1 - 0.1 * severity) * np.log(truth + 0.02)[:, None]
        logits = logits + (0.4 + 0.08 * severity) * noise.normal(
            size=(num_images, num_members, len(CLASSES)))
        scores = np.exp(logits)
        columns['member_scores'].append(
            (scores / scores.sum(-1, keepdims=True)).astype(np.float32))
        columns['image_id'] += [f'test/{i:04}.png' for i in range(num_images)]
        columns['corruption'] += [corruption] * num_images
        columns['severity'] += [severity] * num_images
        columns['votes'].append(votes)
    votes = np.concatenate(columns.pop('votes'))
    scores = np.concatenate(columns.pop('member_scores'))
    label = votes.argmax(1)
    return PredictionTable(
        label=label, eval_label=np.where(votes.max(1) > 5, label, -1),
        member_scores=scores, votes=votes, classes=CLASSES, **columns)


@pytest.fixture(scope='session')
def make_table():
    """The function above."""
    return make_predictions


@pytest.fixture(scope='session')
def table():
    """60 faces, three corruptions at two severities, three members."""
    return make_predictions()
