"""Channels are fitted on clean images, kept, and found again."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.dataset import DefaultSampler
from mmengine.dist import get_rank
from mmengine.registry import RUNNERS
from mmpretrain.registry import DATASETS

from uar_mmpretrain.datasets import SyntheticFaces
from uar_mmpretrain.engine.channel_files import load_channels
from uar_mmpretrain.engine.channel_fitting import (
    clean_train_dataloader,
    fit_channels,
    gather_evidence,
)
from uar_mmpretrain.engine.checkpoints import read_checkpoint, write_checkpoint
from uar_mmpretrain.engine.runners.ensemble_file import join_members
from uar_mmpretrain.evaluation.functional import read_table
from uar_mmpretrain.models import EnsembleClassifier
from uar_mmpretrain.uncertainty.channels import Evidence

CHANNELS = [
    dict(type='LogitVariance'),
    dict(type='FeatureDensity',
         layers=['input.gradients', 'backbone.layer1']),
]


@pytest.fixture
def untrained(tiny_config):
    """Config with channels and hook, and an ensemble nobody trained."""
    cfg = tiny_config
    cfg.ensemble.channels = copy.deepcopy(CHANNELS)
    cfg.custom_hooks = [dict(type='ChannelsHook'), dict(type='ResultsHook')]
    work = Path(cfg.work_dir)
    paths = []
    for m in range(2):
        torch.manual_seed(m)
        model = EnsembleClassifier([cfg.model.to_dict()])
        state = model.members[0].state_dict()
        paths.append(work / f'{m}.pth')
        write_checkpoint(dict(meta={}, state_dict=state), paths[-1])
    checkpoint = work / 'ensemble.pth'
    write_checkpoint(
        join_members(paths, [cfg.model.to_dict()] * 2), checkpoint)
    cfg.load_from = str(checkpoint)
    return cfg, checkpoint


def test_fitted_tested_and_told_apart(untrained):
    cfg, checkpoint = untrained
    path = fit_channels(cfg, checkpoint)
    assert path == checkpoint.with_name('channels.pth')
    meta = read_checkpoint(path)['meta']
    assert (meta['num_train'], meta['num_reference']) == (48, 120)
    RUNNERS.build(copy.deepcopy(cfg)).test()
    [found] = (Path(cfg.work_dir) / 'test').glob('predictions.*')
    table = read_table(found)
    assert set(table.channels) == {'logit_variance', 'density'}
    density = table.channels['density']
    noisy = (table.corruption == 'gaussian_noise') & (table.severity == 5)
    assert np.median(density[noisy]) > density[table.severity == 0].max()


@pytest.mark.skipif(torch.cuda.is_available(),
                    reason='forked processes cannot use the GPU')
def test_two_processes_fit_what_one_does(untrained, in_processes):
    cfg, checkpoint = untrained
    # An odd number of images: the second process gets one of them twice.
    cfg.val_dataloader.dataset.num_images = 41
    cfg.ensemble.channels.append(dict(type='EpistemicGivenAleatoric'))
    alone = read_checkpoint(fit_channels(cfg, checkpoint))
    checkpoint.with_name('channels.pth').unlink()
    cfg.launcher = 'pytorch'
    cfg.model_wrapper_cfg = dict(type='MMDistributedDataParallel',
                                 device_ids=None)
    in_processes(fit_channels, cfg, checkpoint)
    shared = read_checkpoint(checkpoint.with_name('channels.pth'))
    assert shared['meta'] == alone['meta']
    assert alone['meta']['num_reference'] == 41
    torch.testing.assert_close(shared['state_dict'], alone['state_dict'])


def own_share(out_dir, num_images):
    images = list(DefaultSampler(range(num_images), shuffle=False))
    found = gather_evidence(Evidence(
        torch.tensor(images).reshape(-1, 1, 1),
        dict(layer=[torch.tensor(images) * 2]), torch.tensor(images)),
        num_images)
    torch.save((images, found.logits, found.features, found.labels),
               out_dir / f'{get_rank()}.pth')


@pytest.mark.parametrize('num_images', [2, 7])
def test_evidence_is_gathered_in_order(in_processes, tmp_path,
                                       num_images):
    in_processes(own_share, tmp_path, num_images)
    whole = torch.arange(num_images)
    for rank in range(2):
        images, logits, features, labels = torch.load(
            tmp_path / f'{rank}.pth')
        assert len(images) == (num_images + 1) // 2
        assert torch.equal(logits[:, 0, 0], whole)
        assert torch.equal(features['layer'][0], whole * 2)
        assert torch.equal(labels, whole)


def test_no_file_no_channels(untrained):
    cfg, _ = untrained
    RUNNERS.build(cfg).test()
    [found] = (Path(cfg.work_dir) / 'test').glob('predictions.*')
    assert read_table(found).channels == {}


def test_only_clean_training_and_validation_images_are_read(
        untrained, monkeypatch):
    cfg, checkpoint = untrained
    read, load = [], SyntheticFaces.get_data_info
    monkeypatch.setattr(
        SyntheticFaces, 'get_data_info',
        lambda self, i: read.append(self.split) or load(self, i))
    cfg.train_dataloader.num_workers = 0
    cfg.test_dataloader = dict(dataset=dict(type='NoSuchDataset'))
    fit_channels(cfg, checkpoint)
    assert {split: read.count(split) for split in set(read)} == {
        'train': 48, 'val': 120}


def test_training_images_come_whole_in_order_and_unaugmented(tiny_config):
    cfg = tiny_config
    cfg.train_dataloader.dataset = ConfigDict(
        type='RepeatDataset', times=2, dataset=cfg.train_dataloader.dataset)
    loader = clean_train_dataloader(cfg)
    assert loader.dataset.dataset.split == 'train'
    assert loader.dataset.dataset.pipeline == cfg.val_dataloader.dataset[
        'pipeline']
    assert not loader.sampler.shuffle and not loader.get('drop_last')
    # The config itself still trains with augmentation.
    assert (cfg.train_dataloader.dataset.dataset.pipeline !=
            loader.dataset.dataset.pipeline)
    assert len(DATASETS.build(loader.dataset.dataset)) == 48


def test_a_file_of_something_else_is_refused(untrained):
    cfg, checkpoint = untrained
    path = fit_channels(cfg, checkpoint)
    weights = read_checkpoint(checkpoint)['state_dict']
    model = EnsembleClassifier([cfg.model.to_dict()] * 2, channels=CHANNELS)
    load_channels(model.channels, CHANNELS, weights, path)
    assert model.channels.is_fitted
    other = {key: value + 1 if value.is_floating_point() else value
             for key, value in weights.items()}
    with pytest.raises(ValueError, match='fitted on other weights'):
        load_channels(model.channels, CHANNELS, other, path)
    with pytest.raises(ValueError, match='was fitted for channels'):
        load_channels(model.channels, CHANNELS[:1], weights, path)
    with pytest.raises(ValueError, match='holds no channels'):
        load_channels(model.channels, CHANNELS, weights, checkpoint)


def test_configs_that_cannot_be_fitted(untrained):
    cfg, checkpoint = untrained
    cfg.ensemble.channels = []
    with pytest.raises(ValueError, match='names no channels'):
        fit_channels(cfg, checkpoint)
    cfg.val_dataloader = None
    with pytest.raises(ValueError, match='the config lacks one'):
        fit_channels(cfg, checkpoint)
