"""The commands a user types, on the tiny ensemble."""

import json
import subprocess
import sys
from pathlib import Path

import mmpretrain
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope

from uar_mmpretrain.engine import EnsembleRunner
from uar_mmpretrain.routing import Router

ROOT = Path(__file__).parent.parent.parent
HOST_TOOLS = Path(mmpretrain.__file__).parent / '.mim' / 'tools'


def start_python(*args):
    """Start Python, for what a process must find without our tests."""
    process = subprocess.run(
        [sys.executable, *map(str, args)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.returncode == 0, process.stdout[-3000:]


def read(path):
    return json.loads(path.read_text())


@pytest.fixture(scope='module')
def work_dir(tiny_config_file, tmp_path_factory):
    """Folder of an ensemble trained by mmpretrain's own tool."""
    folder = tmp_path_factory.mktemp('cli')
    start_python(HOST_TOOLS / 'train.py', tiny_config_file, '--work-dir',
                 folder, '--cfg-options', 'train_cfg.max_epochs=1')
    return folder


@pytest.fixture(scope='module')
def tested(tiny_config_file, work_dir, tmp_path_factory, run_command):
    """What the test tool printed, and what it was told to write."""
    out = tmp_path_factory.mktemp('out')
    printed = run_command(
        'test.py', tiny_config_file, work_dir / 'ensemble.pth', '--work-dir',
        work_dir, '--out', out / 'metrics.json', '--out-item', 'metrics',
        '--show-dir', out / 'shown', '--interval', 90)
    return printed, out


def test_the_hosts_tool_trains_an_ensemble(work_dir):
    for name in ('member_0/member.pth', 'member_1/member.pth',
                 'ensemble.pth', 'router.json'):
        assert (work_dir / name).is_file(), name


def test_training_goes_on_from_our_tool(tiny_config_file, work_dir,
                                        run_command):
    printed = run_command('train.py', tiny_config_file, '--work-dir',
                          work_dir, '--resume', '--cfg-options',
                          'train_cfg.max_epochs=1')
    assert 'member 0 is finished' in printed


def test_test_and_report_from_our_tools(work_dir, tested, tmp_path,
                                        run_command):
    printed, out = tested
    assert 'predictions.' in printed
    # of 40 images and their 4 corrupted copies each
    assert len(list((out / 'shown').glob('*.png'))) == 3
    metrics = read(out / 'metrics.json')
    assert 0 <= metrics['decomposition/accuracy'] <= 1
    results = work_dir / 'test'
    stored = read(results / 'metrics.json')['metrics']
    assert stored['decomposition/accuracy'] == metrics[
        'decomposition/accuracy']
    assert {file.stem for file in (results / 'figures').iterdir()} >= {
        'uncertainty_plane', 'auroc_by_severity', 'reliability'}
    # Drawn again from the predictions alone, to the same numbers; with those
    # of the metrics this config does not list besides.
    run_command('analysis_tools/report.py',
                next(results.glob('predictions.*')), '--out-dir', tmp_path)
    again = read(tmp_path / 'metrics.json')['metrics']
    assert again.keys() >= stored.keys()
    assert {key: again[key] for key in stored
            } == pytest.approx(stored, nan_ok=True)


def run_test(cfg):
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        EnsembleRunner.from_cfg(cfg).test()


@pytest.mark.skipif(torch.cuda.is_available(),
                    reason='forked processes cannot use the GPU')
def test_two_processes_give_the_same_metrics(tiny_config_file, work_dir,
                                             tested, tmp_path, in_processes):
    # As commands: tests/reliability/distributed.
    cfg = Config.fromfile(tiny_config_file)
    cfg.work_dir, cfg.launcher = str(tmp_path), 'pytorch'
    cfg.load_from = str(work_dir / 'ensemble.pth')
    in_processes(run_test, cfg)
    both = read(tmp_path / 'test' / 'metrics.json')['metrics']
    one = read(work_dir / 'test' / 'metrics.json')['metrics']
    # Batches of other images round otherwise.
    assert both == pytest.approx(one, abs=1e-6)


def test_a_router_is_calibrated_as_after_training(
        tiny_config_file, work_dir, tmp_path, run_command):
    printed = run_command(
        'calibrate_routing.py', tiny_config_file, work_dir / 'ensemble.pth',
        '--work-dir', tmp_path, '--out', tmp_path / 'router.json')
    assert 'none of them among 48 of train' in printed
    router = Router.load(tmp_path / 'router.json')
    assert router == Router.load(work_dir / 'router.json')
    assert router.checkpoint is not None


def test_tta_keeps_the_members_apart(tiny_config_file, work_dir, tmp_path,
                                     run_command):
    run_command('test.py', tiny_config_file, work_dir / 'ensemble.pth',
                '--work-dir', tmp_path, '--tta', '--out',
                tmp_path / 'metrics.json', '--out-item', 'metrics')
    assert read(tmp_path / 'metrics.json')['decomposition/num_members'] == 2


@pytest.mark.parametrize('tool, args, error, message', [
    ('train.py', ['none.py'], FileNotFoundError, 'no config at none.py'),
    ('test.py', ['CONFIG', 'none.pth'], FileNotFoundError,
     'no checkpoint at none.pth'),
    ('test.py', ['CONFIG', 'a.pth', '--out-item', 'pred'], SystemExit,
     'needs --out'),
])
def test_wrong_arguments(tiny_config_file, tmp_path, run_tool, monkeypatch,
                         capsys, tool, args, error, message):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    args = [tiny_config_file if a == 'CONFIG' else a for a in args]
    with pytest.raises(error) as raised:
        run_tool(tool, *args, '--work-dir', tmp_path)
    assert message in f'{raised.value}{capsys.readouterr().err}'
