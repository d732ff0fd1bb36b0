"""Several tests side by side."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.visualization.html_report.comparison import (
    comparison_charts,
    comparison_table,
    same_images,
)

RHO = 'decomposition/spearman_aleatoric'
ECE = 'calibration/ece'


@pytest.fixture
def runs(run):
    """The second correlates less with the votes, and is calibrated better."""
    metrics = dict(run.results.metrics)
    metrics[RHO] -= 0.1
    metrics[ECE] /= 2
    other = replace(run, name='other', results=replace(run.results,
                                                       metrics=metrics))
    return [run, other]


def row(runs, start):
    found, = (row for row in comparison_table(runs)
              if row['title'].startswith(start))
    return found


def test_values_and_the_best_of_them(runs):
    rho = row(runs, 'Spearman')
    assert [cell['value'].value for cell in rho['cells']] == [
        run.results.metrics[RHO] for run in runs]
    assert [cell['best'] for cell in rho['cells']] == [True, False]
    ece = row(runs, 'Calibration error (ECE), against labels')
    assert ece['better'] == 'lower'
    assert [cell['best'] for cell in ece['cells']] == [False, True]


def test_none_is_best_of_equals(runs):
    assert not any(cell['best'] for cell in row(runs, 'Accuracy')['cells'])


def test_what_one_test_lacks(run, make_run, table):
    plain = make_run(replace(table, votes=None), name='no votes')
    kept = row([run, plain], 'Ambiguous faces kept')
    assert kept['cells'][1] == dict(value=None, best=False)
    assert not kept['cells'][0]['best']
    retention = comparison_charts([run, plain])['retention']
    names = [trace['name'] for trace in retention.variants['total']]
    assert names == ['random', 'model']


def test_curves_of_all_tests(runs):
    charts = comparison_charts(runs)
    assert list(charts) == ['retention', 'risk', 'shift']
    for chart in charts.values():
        assert list(chart.variants)[:3] == ['epistemic', 'total', 'aleatoric']
    names = [trace['name']
             for trace in charts['shift'].variants['epistemic']]
    assert names == ['chance', 'model', 'other']
    _, shown, _ = charts['shift'].variants['epistemic']
    np.testing.assert_allclose(shown['y'], runs[0].shift['epistemic'].mean,
                               rtol=1e-4)


def test_no_charts_of_what_no_test_has(make_run, table):
    run = make_run(replace(table.clean(), votes=None))
    assert list(comparison_charts([run, run])) == ['risk']


def test_many_tests_look_different(run):
    runs = [replace(run, name=str(place)) for place in range(16)]
    for chart in comparison_charts(runs).values():
        shown = [trace['line'] for trace in chart.variants['total']
                 if trace['name'] not in ('random', 'chance')]
        looks = {(one['color'], one['dash']) for one in shown}
        assert len(looks) == len(shown) == 16
        # Dots are the line to compare with.
        assert 'dot' not in {one['dash'] for one in shown}


def test_same_images(run, make_run, make_table):
    assert same_images([run, run])
    assert not same_images([run, make_run(make_table(30))])
    relabelled = replace(run.table, label=(run.table.label + 1) % 4)
    assert not same_images([run, make_run(relabelled)])
