"""tools/analysis_tools/report.py."""

import runpy
import sys
from pathlib import Path

import pytest

from uar_mmpretrain.evaluation.functional import write_table
from uar_mmpretrain.visualization import Results

pytest.importorskip('plotly')

TOOL = Path(__file__).parents[3] / 'tools' / 'analysis_tools' / 'report.py'


@pytest.fixture
def call(monkeypatch):

    def call_tool(*args):
        monkeypatch.setattr(sys, 'argv', ['report.py', *map(str, args)])
        runpy.run_path(str(TOOL), run_name='__main__')

    return call_tool


@pytest.fixture
def folders(make_table, quick, tmp_path):
    for seed, name in enumerate('ab'):
        file = write_table(make_table(30, seed=seed),
                           tmp_path / name / 'test' / 'predictions.csv')
        quick.save(file.with_name('metrics.json'))
    return [tmp_path / name / 'test' for name in 'ab']


def test_one_test_is_redone(call, folders, capsys):
    call(folders[0])
    assert Results.load(folders[0] / 'metrics.json').metrics[
        'decomposition/num_images'] == 30
    assert (folders[0] / 'figures' / 'retention.png').is_file()
    assert capsys.readouterr().out.rstrip().endswith(
        str(folders[0] / 'report.html'))
    assert not (folders[1] / 'report.html').exists()


def test_several_are_compared(call, folders, tmp_path):
    call(*folders, '--out-dir', tmp_path / 'both')
    assert [file.name for file in (tmp_path / 'both').iterdir()] == [
        'report.html']
    text = (tmp_path / 'both' / 'report.html').read_text(encoding='utf-8')
    assert '2 tests side by side' in text


def test_several_need_a_folder(call, folders, capsys):
    with pytest.raises(SystemExit):
        call(*folders)
    assert '--out-dir' in capsys.readouterr().err


def test_numbers_without_the_extra(call, folders, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, 'plotly.offline', None)
    call(folders[0])
    assert 'no report.html: ' in capsys.readouterr().out
    assert Results.load(folders[0] / 'metrics.json').metrics


def test_several_cannot_be_compared_without_the_extra(
        call, folders, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'plotly.offline', None)
    with pytest.raises(SystemExit, match='report.html.*pip install'):
        call(*folders, '--out-dir', tmp_path / 'both')
