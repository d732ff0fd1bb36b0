"""Members beside each other: bit for bit those of one after the other."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.reliability

TOOLS = Path(__file__).parents[3] / 'tools'


@pytest.fixture
def one_by_one(launch, tiny_config_file, tmp_path):
    """Ensemble whose members were trained one after the other."""
    launch('train.py', tiny_config_file, '--work-dir',
           tmp_path / 'one_by_one').finish()
    return tmp_path / 'one_by_one' / 'ensemble.pth'


def test_side_by_side(tiny_config_file, tmp_path, one_by_one, start_anew,
                      assert_equal_weights):
    work = tmp_path / 'side_by_side'

    def run(*flags):
        return subprocess.run(
            [sys.executable, TOOLS / 'train.py', tiny_config_file,
             '--work-dir', work, '--parallel-members', '2', *flags],
            env=dict(start_anew, OMP_NUM_THREADS='1'), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    # Something in the way of one member stops no other.
    broken = work / 'member_1' / 'epoch_1.pth'
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b'half a checkpoint')
    done = run()
    assert done.returncode
    assert 'member 0: finished' in done.stdout
    assert 'member 1 ended with code 1' in done.stdout
    assert '--resume' in done.stdout
    assert (work / 'member_0' / 'member.pth').is_file()
    assert not (work / 'ensemble.pth').exists()

    done = run('--resume')
    assert done.returncode == 0, done.stdout[-3000:]
    assert 'member 0: started' not in done.stdout
    assert 'training member 1' in (work / 'member_1/train.log').read_text()
    assert_equal_weights(work / 'ensemble.pth', one_by_one)
    assert (work / 'router.json').is_file()


def test_the_jobs_of_a_cluster(tiny_config_file, tmp_path, one_by_one, launch,
                               start_anew, assert_equal_weights):
    """What would be submitted, run here, with a task that is lost."""
    work = tmp_path / 'cluster'

    def jobs():
        printed = subprocess.run(
            ['bash', TOOLS / 'slurm_train_ensemble.sh', '--dry-run', 'gpu',
             'fer', tiny_config_file, '--work-dir', work], env=start_anew,
            text=True, capture_output=True, check=True).stdout
        return [shlex.split(line) for line in printed.splitlines()]

    def run(job, task=''):
        command = shlex.split(job[-1].replace('$SLURM_ARRAY_TASK_ID', task))
        assert command[:3] == ['srun', 'python', '-u']
        assert os.path.samefile(command[3], TOOLS / 'train.py')
        return launch('train.py', *command[4:])

    array, merge = jobs()
    assert '--array=0,1' in array
    run(array, '1').finish()
    assert not (work / 'ensemble.pth').exists()
    with pytest.raises(AssertionError, match=r'members \[0\] of 2 are not'):
        run(merge).finish()
    array, merge = jobs()
    assert '--array=0' in array
    run(array, '0').finish()
    run(merge).finish()
    assert_equal_weights(work / 'ensemble.pth', one_by_one)
    merge, = jobs()
    assert not [flag for flag in merge if 'dependency' in flag]
