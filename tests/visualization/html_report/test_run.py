"""Which tests a page is about."""

from pathlib import Path

import pytest

from uar_mmpretrain.evaluation.functional import (
    auroc,
    uncertainty_scores,
    write_table,
)
from uar_mmpretrain.visualization.html_report import read_runs
from uar_mmpretrain.visualization.html_report.run import (
    find_predictions,
    run_names,
)


@pytest.mark.parametrize('folders, names', [
    (['w/resnet/test'], ['resnet']),
    (['w/resnet/test', 'w/vit/test'], ['resnet', 'vit']),
    (['a/resnet/test', 'b/resnet/test'], ['a/resnet', 'b/resnet']),
    (['w/strong', 'w/mild'], ['strong', 'mild']),
    (['w/resnet/test', 'w/resnet'], ['test', 'resnet']),
])
def test_names(tmp_path, folders, names):
    assert run_names([tmp_path / folder / 'predictions.csv'
                      for folder in folders]) == names


def test_a_folder_given_twice(tmp_path):
    with pytest.raises(ValueError, match='twice'):
        run_names([tmp_path / 'predictions.csv',
                   tmp_path / 'x' / '..' / 'predictions.csv'])


@pytest.mark.parametrize('given', ['.', 'test', 'test/predictions.csv'])
def test_predictions_are_found(tmp_path, given):
    file = tmp_path / 'test' / 'predictions.csv'
    file.parent.mkdir()
    file.touch()
    assert find_predictions(tmp_path / given) == file


def test_no_predictions(tmp_path):
    with pytest.raises(FileNotFoundError, match='no predictions.parquet or'):
        find_predictions(tmp_path)


def test_runs_are_computed_from_the_predictions(make_table, quick, tmp_path):
    table = make_table(30)
    for name in 'ab':
        file = write_table(table, tmp_path / name / 'predictions.csv')
        quick.save(file.with_name('metrics.json'))
    runs = read_runs([tmp_path / 'a', tmp_path / 'b'])
    assert [run.name for run in runs] == ['a', 'b']
    assert runs[0].source == Path(tmp_path / 'a' / 'predictions.csv')
    score = uncertainty_scores(table)['total']
    found = runs[1].shift['total']
    copies = (table.corruption == 'contrast') & (table.severity == 5)
    assert found.auroc[1, 0] == pytest.approx(
        auroc(score[copies], score[table.is_clean]))
