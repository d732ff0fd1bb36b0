"""The random corruptions with our own draws, against stored statistics."""

import json

import numpy as np
import pytest

from uar_mmpretrain.corruptions import Key, corrupt, get, names
from uar_mmpretrain.corruptions.severities import constants

from .golden.archive import STATISTICS
from .golden.images import TEXTURED
from .golden.summary import summarise

CONTENT = json.loads(STATISTICS.read_text())
RESULTS = CONTENT['results']
DRAWS = CONTENT['draws']
PRESENT = [n for n in names() if n in RESULTS and n != 'frost']


def summaries(label, name, severity, repeats):
    """Statistics of our own draws, one row of eight per repeat."""
    image = TEXTURED[label]
    return np.stack([
        summarise(
            corrupt(image, name, severity, image_id=label, repeat=i,
                    channel_order='rgb', elastic='imagecorruptions',
                    frost_scale=1.1), image) for i in repeats
    ])


@pytest.mark.parametrize('name', PRESENT)
def test_statistics_agree_within_their_spread(name):
    """At most 1.5 % of the cells 4 standard errors off, none 6."""
    z = []
    for label in TEXTURED:
        for severity in range(1, 6):
            mean, std = np.array(RESULTS[name][label][severity - 1])
            ours = summaries(label, name, severity, range(DRAWS))
            error = np.sqrt((std**2 + ours.var(axis=0, ddof=1)) / DRAWS)
            z.append(np.abs(ours.mean(axis=0) - mean)
                     / np.maximum(error, 0.02))
    assert np.max(z) <= 6
    assert (np.array(z) > 4).mean() <= 0.015


def frost_repeats(label, severity):
    """Per texture, the first repeats that pick it."""
    params = (*constants('frost', severity, 'imagenet', ())[:2], 1.1, None)
    found = [[] for _ in range(5)]
    repeat = 0
    while min(map(len, found)) < DRAWS:
        key = Key(0, label, 'frost', severity, repeat)
        index, _, _ = get('frost').draw(key, TEXTURED[label].shape, params)
        found[index].append(repeat)
        repeat += 1
    return [repeats[:DRAWS] for repeats in found]


@pytest.mark.parametrize('severity', range(1, 6))
@pytest.mark.skipif('frost' not in names(), reason='no frost yet')
def test_frost_agrees_on_average_over_the_textures(severity):
    """Drawn textures stand for photographs: equal on average only."""
    reference, ours = [], []
    for label in TEXTURED:
        reference += [p[0] for p in RESULTS['frost'][label][severity - 1]]
        ours += [summaries(label, 'frost', severity, repeats).mean(axis=0)
                 for repeats in frost_repeats(label, severity)]
    ours, reference = np.mean(ours, axis=0), np.mean(reference, axis=0)
    np.testing.assert_allclose(ours[:6], reference[:6], atol=3)
    assert ours[6] == pytest.approx(reference[6], abs=0.3)
    assert ours[7] == pytest.approx(reference[7], rel=0.2)
