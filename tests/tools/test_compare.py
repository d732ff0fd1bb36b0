"""One command: train, reuse, survive a failure, write the table."""

import html
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from uar_mmpretrain.engine.comparison import steps
from uar_mmpretrain.engine.side_by_side import CommandsFailed
from uar_mmpretrain.visualization.html_report import read_runs

TOOLS = Path(__file__).parents[2] / 'tools'

COMPARISON = '''
reference = 'LDL'
shared_options = {{'train_cfg.max_epochs': 1, 'train_cfg.val_interval': 2}}
methods = [
    dict(name='Broken', config='{broken}'),
    dict(name='Ensemble', config='{ensemble}'),
    dict(name='LDL', config='{single}',
         weights=dict(method='Ensemble', file='member_0/member.pth')),
]
'''


@pytest.fixture
def config(tiny_config_file, tmp_path):
    """A comparison of the tiny ensemble with one of its members."""
    single = '\n'.join(
        line for line in tiny_config_file.read_text().splitlines()
        if not line.startswith(('runner_type', 'ensemble')))
    files = dict(broken=tmp_path / 'not_there.py',
                 ensemble=tiny_config_file, single=tmp_path / 'single.py')
    files['single'].write_text(single)
    path = tmp_path / 'tiny.py'
    path.write_text(COMPARISON.format(**files))
    return path


@pytest.fixture
def compare(run_tool, fork_python, monkeypatch):
    """Run the tool here; what it starts are processes all the same."""
    monkeypatch.syspath_prepend(str(TOOLS))

    def run(commands, logs, places, tell):
        for name, command in commands.items():
            logs[name].parent.mkdir(parents=True, exist_ok=True)
            with logs[name].open('a') as log:
                done = fork_python(command, log, subprocess.STDOUT)
            if done.returncode:
                raise CommandsFailed(f'{name} ended with an error')

    monkeypatch.setattr(steps, 'run_side_by_side', run)
    return lambda *args: run_tool('compare.py', *args)


def test_one_command_makes_the_table(compare, config, tmp_path, capsys):
    out = tmp_path / 'out'
    args = config, '--work-dir', out, '--num-resamples', '20'
    # In pieces: what was not asked for is missing, but no failure.
    compare(*args, '--methods', 'Ensemble')
    assert 'LDL is missing: not yet run (test not asked for).' in (
        capsys.readouterr().out)
    # One method of all is missing, and the exit code says so.
    with pytest.raises(SystemExit, match='1'):
        compare(*args)
    shown = capsys.readouterr().out
    assert 'Broken is missing: no config at' in shown
    assert (out / 'comparison.md').read_text() in shown
    frame = pd.read_csv(out / 'comparison.csv').set_index('method')
    assert frame.index.tolist() == ['Ensemble', 'LDL']
    assert frame['forward_passes'].tolist() == [2, 1]
    assert frame['train_epochs'].tolist() == [2, 1]
    assert (frame['train_seconds'] > 0).all()
    assert (frame['milliseconds'] > 0).all()
    # The second one is a member of the first.
    ensemble, single = read_runs([out / 'ensemble', out / 'ldl'])
    assert single.table.member_scores[:, 0] == pytest.approx(
        ensemble.table.member_scores[:, 0], abs=1e-5)
    assert pd.notna(frame.loc['Ensemble', 'auroc_mean'])
    assert 'one member' in frame.loc['LDL', 'auroc_mean_reason']
    # The page has the same table, reasons and all.
    page = html.unescape((out / 'report.html').read_text())
    for text in ('macro-F1', 'training, epochs', 'Difference from LDL',
                 frame.loc['LDL', 'auroc_mean_reason'],
                 'Broken is missing: no config at'):
        assert text in page
    assert frame.loc['Ensemble', 'nll_difference'] == pytest.approx(
        frame.loc['Ensemble', 'nll'] - frame.loc['LDL', 'nll'])
    # Again, for what is finished: no step runs, and nothing changes.
    logs = {log: log.read_bytes() for log in out.rglob('*.log')}
    compare(*args, '--methods', 'Ensemble', 'LDL')
    assert {log: log.read_bytes() for log in out.rglob('*.log')} == logs
    pd.testing.assert_frame_equal(
        pd.read_csv(out / 'comparison.csv').set_index('method'), frame)


def test_an_unknown_reference_is_named(compare, config, tmp_path):
    config.write_text(config.read_text().replace(
        "reference = 'LDL'", "reference = 'LLD'"))
    with pytest.raises(ValueError, match=r"reference = \['LLD'\].*'LDL'"):
        compare(config, '--work-dir', tmp_path)


def test_an_unknown_method_is_named(compare, config, tmp_path):
    with pytest.raises(ValueError, match=r"\['LLD'\].*'LDL'"):
        compare(config, '--methods', 'LLD', '--work-dir', tmp_path)
