"""Any number of processes: every image once, and the same figures."""

import json
from dataclasses import fields

import numpy as np
import pytest
import torch

from uar_mmpretrain.engine.checkpoints import read_checkpoint
from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    read_table,
)

pytestmark = pytest.mark.reliability

# 5 variants of an image: 185 and 200 rows for 1 to 3 processes.
SIZES = (37, 40)
ALL = """
_base_ = ['{base}']
ensemble = dict(channels=[
    dict(type='LogitVariance'),
    dict(type='FeatureDensity', layers=['input.gradients', 'backbone.layer1'])
])
train_dataloader = dict(dataset=dict(num_images=49))
val_dataloader = dict(batch_size=16, dataset=dict(num_images=61))
test_dataloader = dict(batch_size=16)
test_evaluator = [
    dict(type='DecompositionMetric', num_resamples=50),
    dict(type='RoutingMetric', num_resamples=50, score='FeatureDensity'),
    dict(type='CalibrationMetric', num_resamples=50),
    dict(type='SelectiveMetric', num_resamples=50),
    dict(type='LDLMetric', num_resamples=50),
]
"""


@pytest.fixture
def config(tiny_config_file, tmp_path):
    path = tmp_path / 'all_metrics.py'
    path.write_text(ALL.format(base=tiny_config_file))
    return path


@pytest.fixture
def checkpoint(untrained, tmp_path):
    """An ensemble with a folder of its own for what is fitted."""

    def copy(name):
        path = tmp_path / name / 'ensemble.pth'
        path.parent.mkdir()
        path.write_bytes((untrained / 'ensemble.pth').read_bytes())
        return path

    return copy


def assert_close(one, other):
    assert one.keys() == other.keys()
    for key in one:
        torch.testing.assert_close(one[key], other[key])


def test_channels_and_every_metric(launch, config, checkpoint, tmp_path,
                                   assert_same_figures):
    files, tables, figures = {}, {}, {}
    for number in (1, 2, 3):
        path = checkpoint(f'of_{number}')
        launch('fit_channels.py', config, path, '--work-dir', tmp_path / 'w',
               number=number).finish()
        files[number] = read_checkpoint(path.with_name('channels.pth'))
    for number in (2, 3):
        assert files[number]['meta'] == files[1]['meta']
        assert files[1]['meta']['num_train'] == 49
        assert files[1]['meta']['num_reference'] == 61
        assert_close(files[number]['state_dict'], files[1]['state_dict'])

    for size in SIZES:
        for number in (1, 2, 3):
            folder = tmp_path / f'test_{size}_{number}'
            launch('test.py', config, tmp_path / 'of_1' / 'ensemble.pth',
                   '--work-dir', folder, '--cfg-options',
                   f'test_dataloader.dataset.dataset.num_images={size}',
                   number=number).finish()
            file, = (folder / 'test').glob('predictions.*')
            tables[number] = read_table(file)
            figures[number] = json.loads(
                (folder / 'test' / 'metrics.json').read_text())
        table = tables[1]
        assert len(table) == size * 5
        assert len({*table.image_id}) == size
        assert {'decomposition', 'routing', 'calibration', 'selective', 'ldl'
                } <= {key.split('/')[0] for key in figures[1]['metrics']}
        for number in (2, 3):
            assert_same(tables[number], table)
            assert_same_figures(figures[number], figures[1])


def assert_same(table, expected):
    """Equal rows; scores may differ as sums in another order do."""
    for field in fields(PredictionTable):
        one, other = (getattr(t, field.name) for t in (table, expected))
        if field.name == 'channels':
            for name in other:
                np.testing.assert_allclose(one[name], other[name], rtol=1e-5)
        elif field.name == 'member_scores':
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)
        else:
            np.testing.assert_array_equal(one, other)
