import math

import numpy as np
import pandas as pd
import pytest

from uar_mmpretrain.evaluation.functional import Estimate, Interval
from uar_mmpretrain.evaluation.functional.channel_table import (
    ChannelTable,
    ScoreFigures,
)
from uar_mmpretrain.visualization.channel_table import (
    to_markdown,
    write_channel_table,
)


def figures(value):
    return ScoreFigures(
        Estimate(value, np.array([value - .1, value + .1])),
        dict(fog=value - .2, snow=value + .2), value / 2, Interval(.1, .2),
        (value, value / 4))


@pytest.fixture
def tables():
    """Two tests; the second one was of a model without channels."""
    rho = Estimate(.675, np.array([.6, .7]))
    return dict(
        strong=ChannelTable(dict(total=figures(.6), density=figures(.8)),
                            (.5, .8), 5, rho, 2536, 644),
        mild=ChannelTable(dict(total=figures(.4)), (.5, .8), 5, rho, 2536,
                          644))


def rows(text):
    return [[cell.strip() for cell in line.strip('| ').split('|')]
            for line in text.splitlines() if line.startswith('|')]


def test_every_score_beside_every_test(tables):
    text = to_markdown(tables, 'made today')
    assert text.startswith('made today\n')
    found = rows(text)
    assert found[0] == ['score', 'strong', 'mild']
    assert found[2:4] == [
        ['total', '0.600 / 0.300 / 0.60 0.15', '0.400 / 0.200 / 0.40 0.10'],
        ['density', '0.800 / 0.400 / 0.80 0.20', '-']]
    assert found[6:] == [['total', 'fog 0.40', 'fog 0.20'],
                         ['density', 'fog 0.60', '-']]
    assert 'random: .500 / .500 / 0.50, 0.20' in text
    assert '- mild: 0.675 (' in text and '644 of them ambiguous' in text


def test_files(tables, tmp_path):
    files = write_channel_table(tables, tmp_path / 'new')
    assert [path.name for path in (tmp_path / 'new').iterdir()
            if path not in files] == []
    frame = pd.read_csv(files[1]).set_index(['test', 'score'])
    row = frame.loc['strong', 'density']
    assert (row['auroc'], row['retention_at_80']) == (.8, .2)
    assert row['auroc_low'] < .8 < row['auroc_high']
    assert math.isclose(row['auroc_snow'], 1)
    assert set(frame['rho']) == {.675} and len(frame) == 3
