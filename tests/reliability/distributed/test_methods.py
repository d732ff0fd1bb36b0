"""Every method trains in two processes, which end at the same weights."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.dist import get_rank
from mmengine.registry import init_default_scope
from mmengine.runner import Runner

from uar_mmpretrain.engine.processes import start_processes

pytestmark = pytest.mark.reliability

ROOT = Path(__file__).parents[3]
CONFIGS = sorted(path.relative_to(ROOT).as_posix()
                 for folder in ('dmue', 'ldl', 'mc_dropconnect', 'mc_dropout',
                                'poi')
                 for path in (ROOT / 'configs' / folder).glob(
                     'dinov2-tiny_*.py'))
HEADS = {
    'ClassDistributionHead': {},
    'NeighbourHead': dict(num_images=160, num_neighbours=3),
}


def short(config, folder):
    """An epoch on few images, then a validation of fewer."""
    cfg = Config.fromfile(ROOT / config)
    cfg.work_dir, cfg.launcher = str(folder / 'work'), 'pytorch'
    cfg.train_cfg.update(max_epochs=2, val_interval=2)
    cfg.param_scheduler = []
    cfg.train_dataloader.num_workers = cfg.val_dataloader.num_workers = 0
    for loader, num_images in ((cfg.train_dataloader, 160),
                               (cfg.val_dataloader, 31)):
        dataset = loader.dataset
        while 'dataset' in dataset:
            dataset = dataset.dataset
        dataset.num_images = num_images
        # The first stage draws the face.
        dataset.pipeline[0].cache_dir = None
    if 'ramp_epochs' in cfg.model:
        cfg.model.ramp_epochs = 1
    cfg.test_dataloader = cfg.test_cfg = cfg.test_evaluator = None
    return cfg


def train(cfg, out):
    init_default_scope('mmpretrain')
    start_processes(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    torch.save(runner.model.module.state_dict(), out / f'{get_rank()}.pth')


def check(cfg, in_processes, tmp_path):
    in_processes(train, cfg, tmp_path)
    first, second = (torch.load(tmp_path / f'{rank}.pth')
                     for rank in range(2))
    different = [key for key in first
                 if not torch.equal(first[key], second[key])]
    assert not different
    assert all(value.isfinite().all() for value in first.values()
               if value.is_floating_point())


@pytest.mark.parametrize('config', CONFIGS)
def test_method(config, in_processes, tmp_path):
    check(short(config, tmp_path), in_processes, tmp_path)


@pytest.mark.parametrize('head', HEADS)
def test_targets_of_the_epoch_before(head, in_processes, tmp_path):
    cfg = short('configs/ldl/dinov2-tiny_ldl_synthetic.py', tmp_path)
    cfg.model.head.update(type=head, **HEADS[head])
    cfg.model.head.pop('num_members', None)
    cfg.custom_hooks.append(dict(type='EpochTargetsHook'))
    check(cfg, in_processes, tmp_path)
