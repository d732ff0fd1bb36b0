"""Trainings as processes that can be killed: forked, so that each is cheap."""

import copy
import io
import json
import multiprocessing
import os
import sys
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MessageHub, MMLogger
from mmengine.registry import RUNNERS, DefaultScope
from mmengine.visualization import Visualizer

from uar_mmpretrain.engine.checkpoints import (
    latest_checkpoint,
    read_checkpoint,
)


@dataclass
class Training:
    """One work dir, and what was logged there."""

    cfg: Config

    @property
    def folder(self):
        return Path(self.cfg.work_dir)

    def start(self, resume=False, prepare=None):
        """Start it in a process of its own."""
        cfg = copy.deepcopy(self.cfg)
        cfg.resume = resume
        self.folder.mkdir(parents=True, exist_ok=True)
        process = multiprocessing.get_context('fork').Process(
            target=_train, args=(cfg, self.folder / 'output', prepare))
        process.start()
        return process

    def run(self, resume=False, prepare=None):
        """Start it and wait; return its exit code."""
        process = self.start(resume, prepare)
        process.join()
        return process.exitcode

    def output(self):
        return (self.folder / 'output').read_text()

    def weights(self):
        return read_checkpoint(self.folder / 'ensemble.pth')['state_dict']

    def is_whole(self):
        """Whether nothing half written was left behind."""
        return not list(self.folder.rglob('.tmp-*'))

    def batches(self, member):
        """How often each (epoch, batch) was trained on, by the log."""
        lines = (json.loads(line) for path in self.folder.glob(
            f'member_{member}/*/vis_data/scalars.json')
                 for line in path.read_text().splitlines())
        return Counter((line['epoch'], line['iter']) for line in lines
                       if 'loss' in line)

    def saved(self, member):
        """The batches that a checkpoint holds already."""
        folder = self.folder / f'member_{member}'
        path = folder / 'member.pth'
        path = path if path.is_file() else latest_checkpoint(folder)
        if path is None:
            return Counter()
        iterations = read_checkpoint(path)['meta']['iter']
        found = self.batches(member)
        return Counter({key: found[key] for key in found
                        if key[1] <= iterations})


def _train(cfg, output, prepare):
    with output.open('a') as stream:
        for number in (1, 2):
            os.dup2(stream.fileno(), number)
    sys.stdout = sys.stderr = io.TextIOWrapper(
        io.FileIO(1, 'w', closefd=False), line_buffering=True)
    # What earlier runs left behind in mmengine.
    for kept in (MMLogger, MessageHub, Visualizer):
        kept._instance_dict.clear()
    if prepare is not None:
        prepare()
    try:
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            RUNNERS.build(cfg).train()
    except Exception:
        traceback.print_exc()
        sys.exit(1)


@pytest.fixture(scope='session')
def small_config(tiny_config_file):
    """The tiny ensemble, with all that a checkpoint has to remember.

    Momentum, averaged weights, a schedule by iterations and one by epochs,
    and generators that each batch draws from here (Mixup) and in the workers
    (flips).
    """
    cfg = Config.fromfile(tiny_config_file)
    cfg.val_dataloader.dataset.num_images = 60
    cfg.model.train_cfg = dict(augments=dict(type='Mixup', alpha=.5))
    cfg.param_scheduler = [
        dict(type='LinearLR', start_factor=.1, by_epoch=False, end=4),
        dict(type='CosineAnnealingLR', T_max=3, by_epoch=True)]
    cfg.custom_hooks.append(dict(type='EMAHook', momentum=.2))
    return cfg


@pytest.fixture
def same_weights():
    """Assert that two trainings ended at the same weights, to the bit."""

    def check(one, other):
        a, b = one.weights(), other.weights()
        assert a.keys() == b.keys()
        for key in a:
            assert torch.equal(a[key], b[key]), (one.folder, key)

    return check


@pytest.fixture(scope='session')
def make_training(small_config):
    """Make a training of the small ensemble in a work dir."""

    def make(folder, **changes):
        cfg = copy.deepcopy(small_config)
        cfg.merge_from_dict(changes)
        cfg.work_dir = str(folder)
        return Training(cfg)

    return make


@pytest.fixture
def training(make_training, tmp_path):
    """Make one below tmp_path."""

    def make(name, **changes):
        return make_training(tmp_path / name, **changes)

    return make
