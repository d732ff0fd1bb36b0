"""Charts show the numbers of the functions they are named after."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    reliability_diagrams,
    risk_coverage_curves,
    shift_detection,
)
from uar_mmpretrain.visualization.html_report.curves import (
    heat_map_chart,
    reliability_charts,
    retention_chart,
    risk_coverage_chart,
)

DIGITS = dict(rel=1e-4)


def test_retention(run):
    traces = {trace['name']: trace
              for trace in retention_chart(run).variants['']}
    assert list(traces['random']['x']) == [0, 1]
    assert list(traces['random']['y']) == [1, 0]
    values = run.results.metrics
    for score in ('epistemic', 'total', 'aleatoric'):
        at = traces[score]['x'].index(0.5)
        assert traces[score]['y'][at] == pytest.approx(
            values[f'routing/retention_{score}'], **DIGITS)


def test_no_retention_without_votes(make_run, table):
    assert retention_chart(make_run(replace(table, votes=None))) is None


def test_heat_map(run):
    found = shift_detection(run.table, run.scores)
    chart = heat_map_chart(run)
    assert list(chart.variants) == ['epistemic', 'total', 'aleatoric',
                                    '1 - max p']
    for name, result in zip(chart.variants, found.values()):
        trace, = chart.variants[name]
        np.testing.assert_allclose(np.transpose(trace['z']), result.auroc,
                                   rtol=1e-4)
        assert trace['y'][1] == 'gaussian noise'


def test_heat_map_with_a_hole(make_run, table):
    """A corruption not tested at a severity."""
    missing = (table.corruption == 'contrast') & (table.severity == 1)
    chart = heat_map_chart(make_run(table.select(~missing)))
    trace, = chart.variants['total']
    assert trace['z'][0][0] is None and trace['z'][0][1] is not None


def test_no_heat_map_of_clean_images(make_run, table):
    assert heat_map_chart(make_run(table.clean())) is None


def test_reliability(run):
    charts = reliability_charts(run)
    for name, diagram in reliability_diagrams(run.table).items():
        bars, shares, _ = charts[name].variants['']
        shown = np.array(bars['y'], dtype=float)
        np.testing.assert_allclose(shown, diagram.outcome, rtol=1e-4)
        assert sum(shares['y']) == pytest.approx(1, **DIGITS)
        assert f'{diagram.expected_error:.3f}' in charts[name].title


def test_risk_coverage(run):
    chart = risk_coverage_chart(run)
    found = risk_coverage_curves(run.table)
    assert list(chart.variants) == ['wrong answers (0/1)',
                                    'votes against the answer']
    best, epistemic, *_ = chart.variants['wrong answers (0/1)']
    curve = found['error']['epistemic']
    assert epistemic['x'][-1] == 1
    assert epistemic['y'][-1] == pytest.approx(curve.risk[-1], **DIGITS)
    assert best['y'][-1] == pytest.approx(curve.risk[-1], **DIGITS)
    assert f'{curve.aurc:.4f}' in epistemic['name']
    assert len(epistemic['x']) <= 200


def test_names_are_plain_text(make_run, make_table):
    run = make_run(make_table(corruptions=('<b>fog</b>', 'rain')))
    trace, = heat_map_chart(run).variants['total']
    assert trace['y'][0] == '&lt;b&gt;fog&lt;/b&gt;'
