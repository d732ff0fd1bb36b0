"""The jobs a cluster is given; its commands and the listing are stand-ins."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / 'tools' / 'slurm_train_ensemble.sh'
SBATCH = '''#!/bin/sh
cd {folder}
number=$(ls | grep -c job_)
printf '%s\\n' "$@" > job_$number
echo "$((70 + number));cluster"
'''
PYTHON = '''#!/bin/sh
echo what is imported may say something
echo "{unfinished}"
exit {code}
'''


@pytest.fixture
def submit(tmp_path):
    """Run the tool; return its output and the jobs sbatch was given."""

    def run(*args, unfinished='0,1,2', code=0, **env):
        python, sbatch = tmp_path / 'python', tmp_path / 'sbatch'
        python.write_text(PYTHON.format(unfinished=unfinished, code=code))
        sbatch.write_text(SBATCH.format(folder=tmp_path))
        for program in (python, sbatch):
            program.chmod(0o755)
        done = subprocess.run(
            ['bash', TOOL, *args], text=True, capture_output=True,
            env={**os.environ, 'PATH': f'{tmp_path}:{os.environ["PATH"]}',
                 **env})
        assert done.returncode == code, done.stderr
        jobs = sorted(tmp_path.glob('job_*'))
        return done.stdout, [job.read_text().splitlines() for job in jobs]

    return run


FLAGS = ('--work-dir', 'with space', '--cfg-options', 'a=[1,2]')


def command_of(job):
    """What the job's shell makes of its --wrap."""
    text = job[job.index('--wrap') + 1]
    return shlex.split(text.replace('$SLURM_ARRAY_TASK_ID', '2'))


def test_an_array_and_a_merge_that_waits_for_it(submit):
    printed, (array, merge) = submit(
        'gpu', 'fer', 'configs/x.py', *FLAGS,
        SBATCH_ARGS='--time=9:00:00 --account=lab', CPUS_PER_TASK='4')
    train = ['srun', 'python', '-u', str(TOOL.with_name('train.py')),
             'configs/x.py', *FLAGS, '--resume', '--cfg-options']
    assert command_of(array) == [*train, 'ensemble.members=[2]',
                                 'ensemble.merge=False']
    assert command_of(merge) == [*train, 'ensemble.members=[]']
    assert '--array=0,1,2' in array
    assert '--dependency=afterany:70' in merge
    assert not [flag for flag in array if 'dependency' in flag]
    for job in (array, merge):
        assert {'--partition=gpu', '--gres=gpu:1', '--cpus-per-task=4',
                '--time=9:00:00', '--account=lab'} <= {*job}
    assert 'job 70\n' in printed and 'job 71\n' in printed


def test_only_what_is_missing_is_trained_again(submit):
    _, (array, _) = submit('gpu', 'fer', 'x.py', unfinished='1,4')
    assert '--array=1,4' in array


def test_nothing_missing_is_only_merged(submit):
    _, (merge, ) = submit('gpu', 'fer', 'x.py', unfinished='')
    assert command_of(merge)[-1] == 'ensemble.members=[]'
    assert not [flag for flag in merge if 'dependency' in flag]


def test_a_dry_run_prints_what_would_be_submitted(submit):
    printed, jobs = submit('--dry-run', 'gpu', 'fer', 'x.py', *FLAGS)
    assert not jobs
    lines = printed.splitlines()
    _, real = submit('gpu', 'fer', 'x.py', *FLAGS)
    assert [shlex.split(line.replace('ARRAY_JOB_ID', '70'))
            for line in lines] == [['sbatch', *job] for job in real]


def test_nothing_is_submitted_for_a_wrong_config(submit):
    printed, jobs = submit('gpu', 'fer', 'none.py', code=1)
    assert not jobs and not printed


def test_too_few_arguments_are_told_which_are_needed():
    done = subprocess.run(['bash', TOOL, '--dry-run', 'gpu'],
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert 'PARTITION JOB_NAME CONFIG' in done.stderr
