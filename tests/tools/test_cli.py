"""The commands a user types, on the tiny ensemble."""

import json
import os
import subprocess
import sys
from pathlib import Path

import mmpretrain
import pytest

from uar_mmpretrain.routing import Router

ROOT = Path(__file__).parent.parent.parent
HOST_TOOLS = Path(mmpretrain.__file__).parent / '.mim' / 'tools'


def run(script, *args, check=True, **env):
    process = subprocess.run(
        [sys.executable, str(script), *map(str, args)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, 'OMP_NUM_THREADS': '1', **env})
    if check:
        assert process.returncode == 0, process.stdout[-3000:]
    return process


@pytest.fixture(scope='module')
def work_dir(tiny_config_file, tmp_path_factory):
    """Folder of an ensemble trained by mmpretrain's own tool."""
    folder = tmp_path_factory.mktemp('cli')
    run(HOST_TOOLS / 'train.py', tiny_config_file, '--work-dir', folder,
        '--cfg-options', 'train_cfg.max_epochs=1')
    return folder


def test_the_hosts_tool_trains_an_ensemble(work_dir):
    for name in ('member_0/member.pth', 'member_1/member.pth',
                 'ensemble.pth', 'router.json'):
        assert (work_dir / name).is_file(), name


def test_train_and_test_from_our_tools(tiny_config_file, work_dir, tmp_path):
    process = run(ROOT / 'tools' / 'train.py', tiny_config_file,
                  '--work-dir', work_dir, '--resume', '--cfg-options',
                  'train_cfg.max_epochs=1')
    assert 'member 0 is finished' in process.stdout
    process = run(ROOT / 'tools' / 'test.py', tiny_config_file,
                  work_dir / 'ensemble.pth', '--work-dir', work_dir,
                  '--out', tmp_path / 'metrics.json', '--out-item', 'metrics')
    assert 'predictions.' in process.stdout
    metrics = json.loads((tmp_path / 'metrics.json').read_text())
    assert 0 <= metrics['decomposition/accuracy'] <= 1
    results = work_dir / 'test'
    stored = json.loads((results / 'metrics.json').read_text())
    assert stored['metrics']['decomposition/accuracy'] == metrics[
        'decomposition/accuracy']
    assert {file.stem for file in (results / 'figures').iterdir()} >= {
        'uncertainty_plane', 'auroc_by_severity', 'reliability'}
    # Drawn again from the predictions alone, to the same numbers; with those
    # of the metrics this config does not list besides.
    predictions = next(results.glob('predictions.*'))
    run(ROOT / 'tools' / 'analysis_tools' / 'report.py', predictions,
        '--out-dir', tmp_path / 'again')
    again = json.loads((tmp_path / 'again' / 'metrics.json').read_text())
    assert again['metrics'].keys() >= stored['metrics'].keys()
    assert {key: again['metrics'][key] for key in stored['metrics']
            } == pytest.approx(stored['metrics'], nan_ok=True)


def test_two_processes_give_the_same_metrics(tiny_config_file, work_dir,
                                             tmp_path):
    found = []
    for launch in ([], ['-m', 'torch.distributed.run', '--standalone',
                        '--nproc_per_node=2']):
        out = tmp_path / f'{len(found)}'
        process = subprocess.run(
            [sys.executable, *launch, 'tools/test.py', str(tiny_config_file),
             str(work_dir / 'ensemble.pth'), '--work-dir', str(out),
             '--launcher', 'pytorch' if launch else 'none'], cwd=ROOT,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, 'OMP_NUM_THREADS': '1'})
        assert process.returncode == 0, process.stdout[-3000:]
        found.append(json.loads(
            (out / 'test' / 'metrics.json').read_text())['metrics'])
    assert found[0] == found[1]


def test_a_router_is_calibrated_as_after_training(tiny_config_file, work_dir,
                                                  tmp_path):
    process = run(ROOT / 'tools' / 'calibrate_routing.py', tiny_config_file,
                  work_dir / 'ensemble.pth', '--work-dir', tmp_path, '--out',
                  tmp_path / 'router.json')
    assert 'none of them among 48 of train' in process.stdout
    router = Router.load(tmp_path / 'router.json')
    assert router == Router.load(work_dir / 'router.json')
    assert router.checkpoint is not None


def test_tta_keeps_the_members_apart(tiny_config_file, work_dir, tmp_path):
    run(ROOT / 'tools' / 'test.py', tiny_config_file,
        work_dir / 'ensemble.pth', '--work-dir', tmp_path, '--tta',
        '--out', tmp_path / 'metrics.json', '--out-item', 'metrics')
    metrics = json.loads((tmp_path / 'metrics.json').read_text())
    assert metrics['decomposition/num_members'] == 2


@pytest.mark.parametrize('tool, args, message', [
    ('train.py', ['none.py'], 'no config at none.py'),
    ('test.py', ['CONFIG', 'none.pth'], 'no checkpoint at none.pth'),
    ('test.py', ['CONFIG', 'a.pth', '--out-item', 'pred'], 'needs --out'),
])
def test_wrong_arguments(tiny_config_file, tmp_path, tool, args, message):
    args = [tiny_config_file if a == 'CONFIG' else a for a in args]
    process = run(ROOT / 'tools' / tool, *args, '--work-dir', tmp_path,
                  check=False)
    assert process.returncode != 0
    assert message in process.stdout
