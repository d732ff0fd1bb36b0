"""Training and test of a stochastic network by mmengine's own Runner."""

import copy
from pathlib import Path

import pytest
import torch
from mmengine.runner import Runner
from torch import nn

from uar_mmpretrain.evaluation.functional import read_table
from uar_mmpretrain.models.stochastic import (
    fixed_masks,
    inject_stochastic_layers,
)
from uar_mmpretrain.uncertainty import decompose


@pytest.fixture
def cfg(tiny_config):
    tiny_config.pop('runner_type')
    tiny_config.pop('ensemble')
    tiny_config.train_cfg.update(max_epochs=1, val_interval=1)
    tiny_config.test_dataloader.dataset.update(
        corruptions=['contrast'], severities=[5])
    tiny_config.val_dataloader.dataset.num_images = 20
    tiny_config.val_evaluator = [
        dict(type='DecompositionMetric', num_resamples=2)]
    tiny_config.test_evaluator = [
        dict(type='DumpPredictions', out_file='set by the test')]
    tiny_config.custom_hooks = [dict(type='ClassCheckHook')]
    tiny_config.model.update(
        type='MCClassifier', num_passes=3, stochastic_layers=[
            dict(type='Dropout', p=.5, modules='head.fcs.0'),
            dict(type='DropConnect', p=.2,
                 modules='backbone.layer4.1.conv2')])
    return tiny_config


def test_train_then_test_twice(cfg, tmp_path):
    Runner.from_cfg(copy.deepcopy(cfg)).train()
    cfg.load_from = str(Path(cfg.work_dir) / 'epoch_1.pth')
    found = []
    for batch_size in (64, 48):
        cfg.test_dataloader.batch_size = batch_size
        out = tmp_path / f'{batch_size}.csv'
        cfg.test_evaluator[0].out_file = str(out)
        Runner.from_cfg(copy.deepcopy(cfg)).test()
        found.append(read_table(out).member_scores)
    assert found[0].shape[1:] == (3, 8)
    assert abs(found[0] - found[1]).max() < 1e-5
    assert found[0].std(1).max() > 1e-3


def train_toy(size):
    """Train a small network with dropout on two overlapping clouds."""
    generator = torch.Generator().manual_seed(5)
    torch.manual_seed(0)
    labels = torch.randint(2, (size, ), generator=generator)
    points = torch.randn(size, 2, generator=generator)
    points += (2. * labels - 1)[:, None]
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
    inject_stochastic_layers(model, [dict(type='Dropout', p=.3,
                                          modules='2')])
    optimizer = torch.optim.Adam(model.parameters(), lr=.02)
    for _ in range(300):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(points), labels).backward()
        optimizer.step()
    return model


def test_more_data_leaves_less_epistemic_uncertainty():
    # Of points that overlap: fewer of them can be separated, and logits
    # that grow without bound hide what the masks change.
    axis = torch.linspace(-2, 2, 9)
    grid = torch.cartesian_prod(axis, axis)
    means = []
    for size in (100, 1000):
        model, passes = train_toy(size), []
        for number in range(100):
            with fixed_masks(model, 0, number), torch.no_grad():
                passes.append(model(grid).softmax(-1))
        parts = decompose(torch.stack(passes, dim=1))
        means.append(parts.epistemic.mean().item())
    assert means[1] < .5 * means[0]
