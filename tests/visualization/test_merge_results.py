"""Corruptions tested apart give the figures of one test."""

import json
import runpy
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import read_table, write_table
from uar_mmpretrain.visualization.results import recompute

TOOL = Path(__file__).parents[2] / 'tools/analysis_tools/merge_predictions.py'


@pytest.fixture
def run_tool(monkeypatch):
    """Run the tool in this process, as its command line would.

    What it draws is tested elsewhere.
    """
    for name in ('draw_figures', 'write_report'):
        monkeypatch.setattr(f'uar_mmpretrain.visualization.publish.{name}',
                            lambda *args: [])

    def run(*args):
        monkeypatch.setattr(sys, 'argv', [TOOL.name, *map(str, args)])
        runpy.run_path(str(TOOL), run_name='__main__')

    return run


@pytest.fixture
def save(quick, tmp_path):
    """Write a test of some corruptions as tools/test.py does."""

    def write(table, name, *corruptions, settings=quick):
        rows = table.select(np.isin(table.corruption,
                                    ('clean', *corruptions)))
        folder = tmp_path / name / 'test'
        write_table(rows, folder / 'predictions.csv')
        results = recompute(rows, settings)
        # Of a metric that is not ours: of this part alone.
        replace(results, metrics={**results.metrics, 'other/top1': 1.}).save(
            folder / 'metrics.json')
        return tmp_path / name

    return write


def test_parts_give_the_figures_of_the_whole(table, quick, save, run_tool,
                                             tmp_path, capsys):
    parts = [save(table, 'a', 'contrast', 'pixelate'),
             save(table, 'b', 'gaussian_noise')]
    run_tool(tmp_path / 'out', *parts)
    assert 'predictions.' in capsys.readouterr().out
    found = json.loads((tmp_path / 'out' / 'metrics.json').read_text())
    recompute(table, quick).save(tmp_path / 'expected.json')
    assert found == json.loads((tmp_path / 'expected.json').read_text())
    predictions, = (tmp_path / 'out').glob('predictions.*')
    assert len(read_table(predictions)) == len(table)


def test_members_that_were_left_out_stay_named(table, quick, save, run_tool,
                                               tmp_path):
    notes = {'predictions/members': 'member 1 of 4 gave NaN'}
    parts = [save(table, 'a', 'contrast', 'pixelate'),
             save(table, 'b', 'gaussian_noise',
                  settings=replace(quick, notes=notes))]
    run_tool(tmp_path / 'out', *parts)
    found = json.loads((tmp_path / 'out' / 'metrics.json').read_text())
    assert found['notes']['predictions/members'] == 'member 1 of 4 gave NaN'


def test_parts_of_other_settings_are_refused(table, quick, save, run_tool,
                                             tmp_path):
    others = {**quick.settings, 'routing': dict(num_resamples=5)}
    parts = [save(table, 'a', 'contrast'),
             save(table, 'b', 'pixelate',
                  settings=replace(quick, settings=others))]
    with pytest.raises(ValueError, match='b.test.predictions.csv: settings'):
        run_tool(tmp_path / 'out', *parts)
    assert not (tmp_path / 'out').exists()
