"""One config in, a tested ensemble out; and every way it can be stopped."""

import copy
import shutil
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.registry import HOOKS, RUNNERS

from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
from uar_mmpretrain.engine import EnsembleRunner
from uar_mmpretrain.engine.checkpoints import read_checkpoint, write_checkpoint
from uar_mmpretrain.engine.runners import ensemble_runner


class Killed(Exception):
    """Stands for a kill -9 in the middle of an epoch."""


@HOOKS.register_module(force=True)
class KillHook(Hook):
    """Raise in the second iteration of one epoch of one member."""

    target = None

    def after_train_iter(self, runner, batch_idx, **kwargs):
        member = int(runner.work_dir.rsplit('_', 1)[1])
        if (member, runner.epoch) == self.target and batch_idx == 1:
            raise Killed


def run(cfg, **changes):
    cfg = copy.deepcopy(cfg)
    cfg.merge_from_dict(changes)
    return RUNNERS.build(cfg).train()


def weights(path):
    return read_checkpoint(path)['state_dict']


def run_until_killed(cfg, work_dir, member, epoch):
    """Return the config of a training that was stopped in its middle."""
    cfg = copy.deepcopy(cfg)
    cfg.work_dir = str(work_dir)
    cfg.custom_hooks.append(dict(type='KillHook'))
    KillHook.target = (member, epoch)
    try:
        with pytest.raises(Killed):
            run(cfg)
    finally:
        KillHook.target = None
    return cfg


def assert_equal_weights(a, b):
    assert a.keys() == b.keys()
    for key in a:
        assert torch.equal(a[key], b[key]), key


@pytest.fixture(scope='module')
def trained_once(tiny_config_file, tmp_path_factory):
    """Config of an ensemble trained without interruption."""
    cfg = Config.fromfile(tiny_config_file)
    cfg.work_dir = str(tmp_path_factory.mktemp('trained'))
    run(cfg)
    return cfg


@pytest.fixture
def shown(monkeypatch):
    """Return what the runner has said."""
    lines = []
    monkeypatch.setattr(ensemble_runner, 'print_log',
                        lambda text, *args: lines.append(text))
    return lambda: '\n'.join(lines)


@pytest.fixture
def trained(trained_once):
    return copy.deepcopy(trained_once)


def test_train_then_test(trained, shown):
    work = Path(trained.work_dir)
    meta = read_checkpoint(work / 'ensemble.pth')['meta']
    assert meta['num_members'] == 2
    assert meta['dataset_meta']['classes'][:2] == ('neutral', 'happiness')
    assert [m['seed'] for m in meta['members']] == [0, 1]
    state = weights(work / 'ensemble.pth')
    assert any(
        not torch.equal(value, state['members.1.' + key[10:]])
        for key, value in state.items() if key.startswith('members.0.'))
    assert (work / 'router.json').is_file()

    trained.load_from = str(work / 'ensemble.pth')
    metrics = EnsembleRunner.from_cfg(trained).test()
    assert 0 <= metrics['decomposition/accuracy'] <= 1
    assert metrics['decomposition/num_members'] == 2
    assert (work / 'test' / 'metrics.json').is_file()
    # A second training run finds everything finished, and ends with the
    # table of the validation split.
    before = (work / 'member_0' / 'member.pth').stat().st_mtime_ns
    values = run(trained, load_from=None)
    assert (work / 'member_0' / 'member.pth').stat().st_mtime_ns == before
    _, table = shown().split('validation split')
    assert f'{100 * values["decomposition/accuracy"]:.1f}%' in table
    assert str(work / 'ensemble.pth') in table
    assert str(work / 'router.json') in table


@pytest.mark.parametrize('member, epoch', [(0, 0), (0, 2), (1, 1)])
def test_resume_ends_at_the_same_weights(trained, tmp_path, member, epoch):
    stopped = run_until_killed(trained, tmp_path / 'stopped', member, epoch)
    run(stopped, resume=True)
    assert_equal_weights(
        weights(Path(trained.work_dir) / 'ensemble.pth'),
        weights(tmp_path / 'stopped' / 'ensemble.pth'))


def test_resume_survives_a_half_written_checkpoint(trained, tmp_path):
    stopped = run_until_killed(trained, tmp_path / 'stopped', 0, 2)
    newest = tmp_path / 'stopped' / 'member_0' / 'epoch_2.pth'
    newest.write_bytes(newest.read_bytes()[:1000])
    run(stopped, resume=True)
    assert_equal_weights(
        weights(Path(trained.work_dir) / 'ensemble.pth'),
        weights(tmp_path / 'stopped' / 'ensemble.pth'))


def test_members_can_be_trained_by_separate_jobs(trained, tmp_path):
    jobs = copy.deepcopy(trained)
    jobs.work_dir = str(tmp_path / 'jobs')
    assert run(jobs, **{'ensemble.members': [1]}) is None
    assert not (tmp_path / 'jobs' / 'ensemble.pth').exists()
    assert run(jobs, **{'ensemble.members': [0]}) is not None
    assert_equal_weights(
        weights(Path(trained.work_dir) / 'ensemble.pth'),
        weights(tmp_path / 'jobs' / 'ensemble.pth'))


def test_members_are_joined_by_a_run_of_its_own(trained, tmp_path):
    jobs = copy.deepcopy(trained)
    jobs.work_dir = str(tmp_path / 'jobs')
    first, second = (tmp_path / f'jobs/member_{m}' for m in (0, 1))
    work = Path(trained.work_dir)
    shutil.copytree(work / 'member_0', first)
    with pytest.raises(ValueError, match=r'members \[1\] of 2 are not fin'):
        run(jobs, **{'ensemble.members': []})
    shutil.copytree(work / 'member_1', second)
    # The run that finds everything finished may still leave it at that.
    assert run(jobs, **{'ensemble.merge': False}) is None
    assert not (tmp_path / 'jobs' / 'ensemble.pth').exists()
    assert run(jobs, **{'ensemble.members': []}) is not None
    assert_equal_weights(
        weights(work / 'ensemble.pth'),
        weights(tmp_path / 'jobs' / 'ensemble.pth'))


def test_members_that_do_not_belong_together_are_not_joined(
        trained, tmp_path):
    jobs = copy.deepcopy(trained)
    jobs.work_dir = str(tmp_path / 'jobs')
    work = Path(trained.work_dir)
    second = tmp_path / 'jobs' / 'member_1' / 'member.pth'

    def join(m, message, **meta):
        member = read_checkpoint(work / f'member_{m}' / 'member.pth')
        member['meta'].update(meta)
        write_checkpoint(member, second)
        with pytest.raises(ValueError, match=message):
            run(jobs, **{'ensemble.members': []})
        assert not (tmp_path / 'jobs' / 'ensemble.pth').exists()

    shutil.copytree(work / 'member_0', tmp_path / 'jobs' / 'member_0')
    join(0, 'member_1.member.pth was trained with seed 0')
    join(1, 'member_1.*finished with another config', fingerprint='another')
    join(1, 'member_1.*trained on different data', data='another')
    join(1, 'class order contempt',
         dataset_meta=dict(classes=CANONICAL_CLASSES[::-1]))
    mark = read_checkpoint(work / 'member_1' / 'member.pth')['meta']
    join(0, 'same weights', seed=1, fingerprint=mark['fingerprint'])


def test_ensemble_of_existing_checkpoints(trained, tmp_path):
    work = Path(trained.work_dir)
    trained.work_dir = str(tmp_path)
    router = shutil.copy(work / 'router.json', tmp_path)
    files = [str(work / f'member_{m}' / 'member.pth') for m in (0, 1)]
    third = read_checkpoint(files[0])
    third['state_dict']['head.fcs.0.bias'] += 1
    write_checkpoint(third, tmp_path / 'third.pth')
    trained.ensemble = dict(checkpoints=[*files, files[0]])
    with pytest.raises(ValueError, match='same weights'):
        EnsembleRunner.from_cfg(trained).test()
    trained.ensemble = dict(checkpoints=[*files, str(tmp_path / 'third.pth')])
    # The router of the ensemble trained here is no router for this one.
    with pytest.raises(ValueError, match='calibrated for the checkpoint'):
        EnsembleRunner.from_cfg(trained).test()
    Path(router).unlink()
    metrics = EnsembleRunner.from_cfg(trained).test()
    assert metrics['decomposition/num_members'] == 3
    trained.load_from = str(work / 'ensemble.pth')
    with pytest.raises(ValueError, match='both a checkpoint .*ensemble.pth'):
        EnsembleRunner.from_cfg(trained).test()


def test_members_of_other_architecture_and_other_class_order(
        trained, tiny_config_file, tmp_path):
    work = Path(trained.work_dir)
    wide = tmp_path / 'wide.py'
    wide.write_text(
        f"_base_ = ['{tiny_config_file}']\n"
        "model = dict(backbone=dict(base_channels=8),\n"
        "             head=dict(in_channels=64))\n")
    from mmpretrain.registry import MODELS
    model = MODELS.build(Config.fromfile(wide).model)
    meta = read_checkpoint(work / 'member_0' / 'member.pth')['meta']
    write_checkpoint(dict(meta=meta, state_dict=model.state_dict()),
                     tmp_path / 'wide.pth')
    trained.ensemble = dict(
        checkpoints=[str(work / 'member_0' / 'member.pth'),
                     str(tmp_path / 'wide.pth')],
        configs=[str(tiny_config_file), str(wide)])
    trained.work_dir = str(tmp_path / 'work')
    metrics = EnsembleRunner.from_cfg(trained).test()
    assert metrics['decomposition/num_members'] == 2

    other = tmp_path / 'other.py'
    other.write_text(f"_base_ = ['{wide}']\n"
                     "data_preprocessor = dict(to_rgb=True)\n")
    trained.ensemble.configs = [str(tiny_config_file), str(other)]
    with pytest.raises(ValueError, match='other.py: data_preprocessor'):
        EnsembleRunner.from_cfg(trained).test()

    trained.ensemble.configs = [str(tiny_config_file), str(wide)]
    meta['dataset_meta'] = dict(
        meta['dataset_meta'],
        classes=tuple(reversed(meta['dataset_meta']['classes'])))
    write_checkpoint(dict(meta=meta, state_dict=model.state_dict()),
                     tmp_path / 'wide.pth')
    with pytest.raises(ValueError, match='class order contempt, anger'):
        EnsembleRunner.from_cfg(trained).test()


def test_batched_members_give_the_same_metrics(trained):
    trained.load_from = str(Path(trained.work_dir) / 'ensemble.pth')
    one_by_one = EnsembleRunner.from_cfg(trained).test()
    trained.ensemble.batched = True
    batched = EnsembleRunner.from_cfg(trained).test()
    for key in ('accuracy', 'spearman_aleatoric', 'auroc_epistemic_sev5'):
        assert batched[f'decomposition/{key}'] == pytest.approx(
            one_by_one[f'decomposition/{key}'], abs=2e-3)


def test_wrong_checkpoints_are_refused(trained):
    work = Path(trained.work_dir)
    trained.load_from = str(work / 'ensemble.pth')
    trained.ensemble.num_members = 3
    with pytest.raises(ValueError, match='holds 2 members.*num_members=2'):
        EnsembleRunner.from_cfg(trained).test()
    trained.ensemble.num_members = 2
    trained.load_from = str(work / 'member_0' / 'member.pth')
    with pytest.raises(ValueError, match='not an ensemble checkpoint'):
        EnsembleRunner.from_cfg(trained).test()
    trained.load_from = str(work / 'nothing.pth')
    with pytest.raises(FileNotFoundError, match='nothing.pth'):
        EnsembleRunner.from_cfg(trained).test()


def test_a_checkpoint_of_another_number_of_classes_is_refused(trained):
    trained.load_from = str(Path(trained.work_dir) / 'ensemble.pth')
    trained.model.head.num_classes = 7
    with pytest.raises(ValueError, match='number of classes'):
        EnsembleRunner.from_cfg(trained).test()


def test_head_and_class_list_disagree(tiny_config):
    tiny_config.model.head.num_classes = 7
    with pytest.raises(ValueError, match='num_classes=7.*8 classes'):
        run(tiny_config)
    assert not list(Path(tiny_config.work_dir).rglob('*.pth'))


def test_fewer_images_than_one_batch(tiny_config):
    with pytest.raises(ValueError, match='48 training images per process do '
                       'not fill one batch of 49'):
        run(tiny_config, **{'train_dataloader.batch_size': 49})


def test_no_router_from_images_that_were_trained_on(tiny_config):
    with pytest.raises(ValueError, match='48 of 120 images of val_dataloader '
                       'are also in the train split'):
        run(tiny_config, **{'val_dataloader.dataset.split': 'train'})
    assert not list(Path(tiny_config.work_dir).rglob('*.pth'))


def test_another_config_in_the_same_folder_is_refused(trained):
    with pytest.raises(ValueError, match='another config'):
        run(trained, **{'optim_wrapper.optimizer.lr': 0.1})


def test_an_unfinished_training_is_neither_overwritten_nor_mixed(
        tiny_config, tmp_path):
    stopped = run_until_killed(tiny_config, tmp_path / 'stopped', 0, 1)
    with pytest.raises(ValueError, match='unfinished training.*--resume'):
        run(stopped)
    with pytest.raises(ValueError, match='begun with another config') as told:
        run(stopped, resume=True, **{'optim_wrapper.optimizer.lr': 0.1})
    # That, and nothing that this package adds to a config.
    assert str(told.value).split(' What differs:')[1].split('\n    ')[1:] == [
        'optim_wrapper.optimizer.lr: 0.05 -> 0.1']


@pytest.mark.parametrize('changes, message', [
    ({'ensemble.seeds': [1, 1]}, '2 different seeds'),
    ({'ensemble.seeds': [1, 2, 2]}, '2 different seeds'),
    ({'ensemble.members': [2]}, 'numbered 0 to 1'),
    ({'ensemble.members': 1}, r'members is 1; expected a list'),
    ({'ensemble.num_members': 0}, 'num_members is 0; expected'),
    ({'ensemble.num_members': 'two'}, "num_members is 'two'; expected"),
    ({'ensemble.member': [0]}, 'no option member; it has num_members'),
    ({'ensemble.checkpoints': ['a.pth']}, 'nothing to train'),
    ({'resume': True, 'load_from': 'a.pth'}, 'without a path'),
])
def test_inconsistent_options(tiny_config, changes, message):
    with pytest.raises(ValueError, match=message):
        run(tiny_config, **changes)


def test_config_without_ensemble(tiny_config):
    tiny_config.pop('ensemble')
    with pytest.raises(ValueError, match='no `ensemble`'):
        RUNNERS.build(tiny_config)
