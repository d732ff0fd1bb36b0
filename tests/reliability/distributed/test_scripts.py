"""tools/dist_train.sh and tools/dist_test.sh, as a user starts them."""

import json
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.reliability

TOOLS = Path(__file__).parents[3] / 'tools'


def test_train_and_test(tiny_config_file, tmp_path, launch, start_anew,
                        assert_same_figures):

    def run(script, *args):
        done = subprocess.run(
            ['bash', TOOLS / script, *map(str, args)], env=start_anew,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout[-4000:]

    work = tmp_path / 'work'
    run('dist_train.sh', tiny_config_file, 2, '--work-dir', work,
        '--cfg-options', 'train_dataloader.dataset.num_images=49')
    assert (work / 'router.json').is_file()
    run('dist_test.sh', tiny_config_file, work / 'ensemble.pth', 2,
        '--work-dir', tmp_path / 'two')
    launch('test.py', tiny_config_file, work / 'ensemble.pth', '--work-dir',
           tmp_path / 'one').finish()
    two, one = (json.loads((tmp_path / name / 'test' / 'metrics.json'
                            ).read_text()) for name in ('two', 'one'))
    assert_same_figures(two, one)
