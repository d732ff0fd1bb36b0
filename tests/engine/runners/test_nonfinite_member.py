"""A test of an ensemble in which one member gives no numbers."""

import json
from pathlib import Path

import pytest

from uar_mmpretrain.apis.load_model import load_model
from uar_mmpretrain.engine import EnsembleRunner
from uar_mmpretrain.engine.checkpoints import read_checkpoint, write_checkpoint
from uar_mmpretrain.engine.runners.ensemble_file import join_members

TENSOR = 'head.fcs.0.bias'


@pytest.fixture
def files(untrained, tmp_path):
    """Three members; the second has a weight that is NaN."""
    paths = [untrained / 'member_0.pth', tmp_path / 'bad.pth',
             tmp_path / 'third.pth']
    for path, value in zip(paths[1:], (float('nan'), .125)):
        checkpoint = read_checkpoint(untrained / 'member_1.pth')
        checkpoint['state_dict'][TENSOR][4] = value
        write_checkpoint(checkpoint, path)
    return [str(path) for path in paths]


@pytest.fixture
def spoilt(files, tiny_config, tmp_path):
    """A config, and an ensemble whose member 1 was damaged afterwards."""
    ensemble = join_members([files[0], files[2], str(
        Path(files[0]).with_name('member_1.pth'))],
        [tiny_config.model.to_dict()] * 3)
    ensemble['meta']['cfg'] = tiny_config.pretty_text
    ensemble['state_dict'][f'members.1.{TENSOR}'][4] = float('nan')
    write_checkpoint(ensemble, tmp_path / 'ensemble.pth')
    tiny_config.ensemble.num_members = 3
    tiny_config.load_from = str(tmp_path / 'ensemble.pth')
    return tiny_config


def test_a_member_that_diverges_ends_the_training(tiny_config):
    tiny_config.optim_wrapper.optimizer.lr = 1e30
    tiny_config.train_dataloader.num_workers = 0
    with pytest.raises(FloatingPointError, match='member_0: the loss is nan '
                       'in epoch 1, batch'):
        EnsembleRunner.from_cfg(tiny_config).train()
    assert not list(Path(tiny_config.work_dir).rglob('*.pth'))


def test_an_ensemble_of_it_is_not_written(files, tiny_config):
    tiny_config.ensemble = dict(checkpoints=files)
    with pytest.raises(ValueError, match=f'bad.pth: {TENSOR} has 1 of 8 '
                       'values that are not finite'):
        EnsembleRunner.from_cfg(tiny_config).test()
    assert not list(Path(tiny_config.work_dir).glob('*.pth'))


def test_neither_tested_nor_loaded(spoilt):
    said = f'ensemble.pth: members.1.{TENSOR} has 1 of 8 values'
    with pytest.raises(ValueError, match=said):
        EnsembleRunner.from_cfg(spoilt).test()
    with pytest.raises(ValueError, match=said):
        load_model(spoilt.load_from, spoilt)


def test_left_out_where_the_config_says_so(spoilt):
    spoilt.ensemble.on_nonfinite = 'exclude'
    metrics = EnsembleRunner.from_cfg(spoilt).test()
    assert metrics['decomposition/num_members'] == 2
    results = json.loads(
        (Path(spoilt.work_dir) / 'test' / 'metrics.json').read_text())
    assert results['num_members'] == 2
    assert results['notes']['predictions/members'].startswith(
        'member 1 of 3 gave outputs that are not finite for 200 of 200 rows')
    # A decision about one picture always comes from all members.
    with pytest.raises(ValueError, match='not finite'):
        load_model(spoilt.load_from, spoilt)
