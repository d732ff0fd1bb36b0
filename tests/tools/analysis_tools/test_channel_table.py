"""The tool on two made-up tests."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uar_mmpretrain.evaluation.functional import PredictionTable, write_table

TOOL = 'analysis_tools/channel_table.py'


def predictions():
    rng = np.random.default_rng(0)
    num_images = 40
    images = np.array([f'{i:03}.png' for i in range(num_images)])
    votes = rng.multinomial(10, [.4, .3, .3], size=num_images)
    return PredictionTable(
        image_id=np.tile(images, 2),
        corruption=np.repeat(['clean', 'fog'], num_images),
        severity=np.repeat([0, 5], num_images), label=np.tile(
            votes.argmax(1), 2), eval_label=np.tile(votes.argmax(1), 2),
        votes=np.tile(votes, (2, 1)), classes=('a', 'b', 'c'),
        member_scores=rng.dirichlet([1, 1, 1], size=(2 * num_images, 2)))


@pytest.fixture
def tests(tmp_path):
    table = predictions()
    places = []
    for name, sign in (('strong', 1), ('mild', -1)):
        density = sign * table.severity + np.linspace(0, .1, len(table))
        places.append(tmp_path / name / 'test')
        write_table(replace(table, channels=dict(density=density)),
                    places[-1] / 'predictions.csv')
    return places


def test_tests_side_by_side(run_tool, tests, tmp_path, capsys):
    run_tool(TOOL, *tests, '--out-dir', tmp_path, '--num-resamples', 10)
    shown = capsys.readouterr().out
    assert (tmp_path / 'channels.md').read_text() in shown
    assert '| score | strong | mild |' in shown
    frame = pd.read_csv(tmp_path / 'channels.csv').set_index(
        ['test', 'score'])
    assert frame.loc[('strong', 'density'), 'auroc'] == 1
    assert frame.loc[('mild', 'density'), 'auroc'] == 0
    # What the corruption changed is a channel, not the members.
    assert frame.loc[('strong', 'total'), 'auroc'] == frame.loc[
        ('mild', 'total'), 'auroc']


def test_names(run_tool, tests, tmp_path, capsys):
    run_tool(TOOL, *tests, '--out-dir', tmp_path, '--num-resamples', 10,
             '--names', 'a', 'b')
    assert '| score | a | b |' in capsys.readouterr().out
    with pytest.raises(SystemExit):
        run_tool(TOOL, *tests, '--out-dir', tmp_path, '--names', 'a')
    assert '2 tests need as many different --names' in capsys.readouterr().err


def test_what_cannot_be_measured_is_named(run_tool, tests, tmp_path, capsys):
    with pytest.raises(ValueError, match=r'strong.*predictions.csv: .*\[0, 5'):
        run_tool(TOOL, *tests, '--out-dir', tmp_path, '--severity', 3)
    with pytest.raises(SystemExit):
        run_tool(TOOL, *tests, '--out-dir', tmp_path, '--num-resamples', 0)
    assert '--num-resamples must be at least 1' in capsys.readouterr().err
