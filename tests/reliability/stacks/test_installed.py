"""What an installed package carries: MIM's folder, and tools that work."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import uar_mmpretrain
from uar_mmpretrain.engine.comparison import steps

pytestmark = pytest.mark.reliability

MIM = Path(uar_mmpretrain.__file__).parent / '.mim'
CONFIG = MIM / 'configs' / 'uar' / 'dinov2-tiny_ens_synthetic.py'
# Small enough for seconds.
OPTIONS = (
    'ensemble.num_members=2', 'train_cfg.max_epochs=1',
    'train_cfg.val_interval=1', 'train_dataloader.dataset.num_images=64',
    'val_dataloader.dataset.num_images=120',
    'test_dataloader.dataset.dataset.num_images=60',
    "test_dataloader.dataset.corruptions=['gaussian_noise']",
)


def load(path):
    return yaml.safe_load(path.read_text(encoding='utf-8'))


def test_mim_finds_the_configs_by_the_index():
    models = [model for name in load(MIM / 'model-index.yml')['Import']
              for model in load(MIM / name)['Models']]
    assert models
    assert [model['Config'] for model in models
            if not (MIM / model['Config']).is_file()] == []


def test_a_comparison_finds_the_installed_tools():
    for command in (steps.training_command(CONFIG, Path('out')),
                    steps.testing_command(CONFIG, Path('a'), Path('b'))):
        assert Path(command[1]).is_relative_to(MIM)
        assert Path(command[1]).is_file()


def run(tool, folder, *args):
    """Run an installed tool far from any clone; return what it printed."""
    done = subprocess.run(
        [sys.executable, MIM / 'tools' / tool, CONFIG, *args, '--work-dir',
         folder / 'out', '--cfg-options', *OPTIONS],
        cwd=folder, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def test_installed_tools_train_resume_and_test(tmp_path):
    run('train.py', tmp_path)
    assert 'member 1 is finished' in run('train.py', tmp_path, '--resume')
    run('test.py', tmp_path)
    results = tmp_path / 'out' / 'test'
    metrics = json.loads((results / 'metrics.json').read_text())['metrics']
    assert metrics['decomposition/num_members'] == 2
    assert len(list(results.glob('predictions.*'))) == 1
    assert (results / 'report.html').is_file()
