"""Result files, and the same again from the predictions alone."""

from dataclasses import replace

import pytest

from uar_mmpretrain.evaluation.functional import write_table
from uar_mmpretrain.visualization import Results, publish_results
from uar_mmpretrain.visualization.read_results import read_results


def redo(path, out_dir=None):
    return publish_results(*read_results(path), path, out_dir or path.parent)


def test_redoing_gives_the_same(table, results, tmp_path):
    first, second = tmp_path / 'test', tmp_path / 'again'
    results = replace(
        results, dataset=dict(results.dataset, summary='the data set'))
    path = write_table(table, first / 'predictions.csv')
    text = publish_results(table, results, path, first)
    again = redo(path, second)
    for written in ('metrics', 'figures', 'report'):
        text = text.replace(str(first / written), str(second / written))
    assert again == text
    files = {file.relative_to(first) for file in first.rglob('*.*')}
    assert {file.relative_to(second)
            for file in second.rglob('*.*')} == files - {
                path.relative_to(first)}
    assert (second / 'metrics.json').read_text() == (
        first / 'metrics.json').read_text()


def test_names_every_file(table, results, tmp_path):
    path = write_table(table, tmp_path / 'predictions.csv')
    text = publish_results(table, results, path, tmp_path)
    for file in tmp_path.rglob('*.*'):
        assert str(file) in text


def test_bad_metrics_file(table, tmp_path):
    path = write_table(table, tmp_path / 'predictions.csv')
    (tmp_path / 'metrics.json').write_text('{}')
    with pytest.raises(ValueError, match='Remove the file'):
        redo(path)
    (tmp_path / 'metrics.json').unlink()
    with pytest.raises(FileNotFoundError, match='no predictions'):
        redo(tmp_path / 'none.csv')


def test_the_table_s_own_settings_are_the_default(make_table, tmp_path):
    path = write_table(make_table(12).clean(), tmp_path / 'predictions.csv')
    redo(path)
    found = Results.load(tmp_path / 'metrics.json')
    assert found.setting('decomposition', 'num_resamples', 0) == 10_000
