"""Training in two processes: agreed, resumable, and validated as saved."""

import copy
import signal
import time

import pytest
import torch
from mmengine.config import Config
from mmengine.dist import get_rank
from mmengine.registry import init_default_scope
from mmengine.runner import Runner

from uar_mmpretrain.engine import EnsembleRunner
from uar_mmpretrain.engine.processes import start_processes
from uar_mmpretrain.engine.runners.member_config import member_config

pytestmark = pytest.mark.reliability
# No multiple of the number of processes, nor of a batch.
OPTIONS = ('--cfg-options', 'train_dataloader.dataset.num_images=49',
           'train_dataloader.batch_size=8', 'train_dataloader.drop_last=False',
           'val_dataloader.dataset.num_images=61')


def wait_for(path, launched):
    while not path.is_file():
        assert any(p.is_alive() for p in launched.processes.processes), (
            launched.output()[-3000:])
        time.sleep(.01)


@pytest.mark.parametrize('number', ['SIGKILL', 'SIGTERM'])
def test_stopped_and_resumed(launch, tiny_config_file, tmp_path, number,
                             assert_equal_weights):

    def train(name, *flags):
        return launch('train.py', tiny_config_file, '--work-dir',
                      tmp_path / name, *flags, *OPTIONS, number=2)

    train('whole').finish()
    for moment in ('member_0/epoch_1.pth', 'member_0/member.pth',
                   'member_1/epoch_2.pth'):
        name = moment.replace('/', '_')
        stopped = train(name)
        wait_for(tmp_path / name / moment, stopped)
        stopped.stop(signal.Signals[number])
        assert not (tmp_path / name / 'ensemble.pth').exists()
        train(name, '--resume').finish()
        assert_equal_weights(tmp_path / name / 'ensemble.pth',
                             tmp_path / 'whole' / 'ensemble.pth')
    # A third time there is nothing to train, and each process knows it.
    printed = train('whole', '--resume').finish()
    assert 'member 1 is finished' in printed


def train_one(cfg, out):
    init_default_scope('mmpretrain')
    cfg = copy.deepcopy(cfg)
    start_processes(cfg)
    runner = Runner.from_cfg(member_config(cfg, 0, 0))
    metrics = runner.train() and runner.val_loop.run()
    torch.save((runner.model.module.state_dict(), metrics),
               out / f'{get_rank()}.pth')


def test_processes_agree_and_validate_what_is_saved(
        tiny_config_file, in_processes, tmp_path):
    cfg = Config.fromfile(tiny_config_file)
    cfg.work_dir, cfg.launcher = str(tmp_path / 'work'), 'pytorch'
    cfg.val_dataloader.dataset.num_images = 61
    in_processes(train_one, cfg, tmp_path)
    (first, metrics), (second, _) = (
        torch.load(tmp_path / f'{rank}.pth') for rank in range(2))
    different = [key for key in first
                 if not torch.equal(first[key], second[key])]
    assert not different
    # One process, the saved weights: the figures two processes printed.
    cfg.launcher = 'none'
    cfg.ensemble = dict(checkpoints=[
        str(tmp_path / 'work' / 'member_0' / 'epoch_3.pth')])
    alone = EnsembleRunner.from_cfg(cfg).val()
    assert {key: alone[key] for key in metrics} == pytest.approx(
        metrics, nan_ok=True, abs=1e-5)
