"""Members of an ensemble, side by side."""

import os
import signal
import sys
from pathlib import Path

import pytest

from uar_mmpretrain.engine import side_by_side
from uar_mmpretrain.engine.side_by_side import CommandsFailed

TOOLS = Path(__file__).parents[2] / 'tools'


@pytest.fixture
def run(run_tool, monkeypatch, tiny_config_file, tmp_path):
    """Run the tool; training side by side only tells what it would do."""
    monkeypatch.syspath_prepend(str(TOOLS))
    monkeypatch.setattr('torch.cuda.is_available', lambda: False)
    told = {}

    def pretend(commands, logs, places):
        told.update(commands=commands, logs=logs, places=places)
        raise CommandsFailed('member 1 ended with code 3')

    monkeypatch.setattr(side_by_side, 'run_side_by_side', pretend)

    def run(*args, config=tiny_config_file):
        run_tool('train.py', config, '--work-dir', tmp_path / 'work', *args)

    run.told, run.work = told, tmp_path / 'work'
    return run


def test_unfinished_members(run, capsys):
    run('--unfinished')
    assert capsys.readouterr().out.splitlines()[-1] == '0,1'
    done = run.work / 'member_0' / 'member.pth'
    done.parent.mkdir(parents=True)
    done.touch()
    run('--unfinished')
    assert capsys.readouterr().out.splitlines()[-1] == '1'
    run('--unfinished', '--cfg-options', 'ensemble.members=[0]')
    assert capsys.readouterr().out.splitlines()[-1] == ''


def test_each_member_gets_the_same_command_line(run, monkeypatch):
    monkeypatch.setattr('torch.cuda.device_count', lambda: 4)
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '3,5,6,7')
    with pytest.raises(SystemExit, match='member 1 ended.*\n.*--resume'):
        run('--parallel-members', '2', '--resume', '--cfg-options',
            'train_cfg.max_epochs=2')
    told = run.told
    for m in (0, 1):
        command = told['commands'][f'member {m}']
        assert command[0] == sys.executable
        assert '--parallel-members' not in command and '2' not in command
        assert command[-7:] == [
            str(run.work), '--resume', '--cfg-options',
            'train_cfg.max_epochs=2', '--cfg-options',
            f'ensemble.members=[{m}]', 'ensemble.merge=False']
        assert told['logs'][f'member {m}'] == (
            run.work / f'member_{m}' / 'train.log')
    assert [p['CUDA_VISIBLE_DEVICES'] for p in told['places']] == ['3', '5']


def test_asked_to_stop_it_ends_as_the_members_do(run, monkeypatch):
    monkeypatch.setattr(
        side_by_side, 'run_side_by_side',
        lambda *args: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as found:
        run('--parallel-members', '2')
    assert found.value.code == 75


def test_flags_that_exclude_each_other(run, capsys):
    with pytest.raises(SystemExit):
        run('--parallel-members', '2', '--launcher', 'pytorch')
    assert 'use one of them' in ' '.join(capsys.readouterr().err.split())


def test_a_single_model_has_no_members(run, tiny_config_file, tmp_path):
    single = tmp_path / 'single.py'
    single.write_text('\n'.join(
        line for line in tiny_config_file.read_text().splitlines()
        if not line.startswith(('runner_type', 'ensemble'))))
    with pytest.raises(SystemExit, match='no ensemble'):
        run('--parallel-members', '2', config=single)
