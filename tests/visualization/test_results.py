"""Results as a file, and computed again."""

import json
from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    action_report,
    calibration_report,
    decomposition_report,
    ldl_report,
    per_class_report,
    routing_report,
    selective_report,
)
from uar_mmpretrain.evaluation.metrics import (
    DecompositionMetric,
    DumpPredictions,
)
from uar_mmpretrain.routing import Router
from uar_mmpretrain.visualization import Results, collect_results, recompute


def test_recomputed_values_are_those_of_the_reports(table, results):
    reports = {
        'decomposition': decomposition_report(table, num_resamples=20),
        'routing': routing_report(table, num_resamples=20),
        'calibration': calibration_report(table, num_resamples=20),
        'selective': selective_report(table, num_resamples=20),
        'ldl': ldl_report(table, num_resamples=20),
        'per_class': per_class_report(table)
    }
    for part in ('values', 'details', 'notes'):
        expected = {f'{family}/{key}': value
                    for family, report in reports.items()
                    for key, value in getattr(report, part).items()}
        found = getattr(results, 'metrics' if part == 'values' else part)
        assert found == expected


def test_round_trip(results, tmp_path):
    path = results.save(tmp_path / 'new' / 'metrics.json')
    assert [file.name for file in path.parent.iterdir()] == ['metrics.json']
    loaded = Results.load(path)
    assert loaded.metrics == results.metrics
    assert loaded.setting('routing', 'rates', None)[4] == .5
    assert loaded.kind == 'entropy' and loaded.num_members == 3


def test_what_is_not_a_number_becomes_null(tmp_path):
    path = Results(metrics=dict(a=float('nan'), b=float('inf'), c=1.)).save(
        tmp_path / 'metrics.json')
    assert json.loads(path.read_text())['metrics'] == dict(
        a=None, b=None, c=1)


@pytest.mark.parametrize('text', ['{', '[]', '{"format": "other"}',
                                  '{"metrics": {}}'])
def test_refuses_other_files(text, tmp_path):
    path = tmp_path / 'metrics.json'
    path.write_text(text)
    with pytest.raises(ValueError, match='expected the metrics.json'):
        Results.load(path)


def test_collects_what_metrics_left(table):
    metric = DecompositionMetric(num_resamples=20)
    values = {f'decomposition/{key}': value for key, value in
              metric.evaluate_table(table.clean()).items()}
    found = collect_results(
        [metric], {**values, 'accuracy/top1': 90.}, table,
        dict(classes=('x', ), label_rule='raw', array=np.zeros(2),
             nested=dict(a=(1, 2))))
    assert found.metrics['accuracy/top1'] == 90
    assert 'corrupted rows' in found.notes['decomposition/shift']
    assert found.details['decomposition/spearman_total']
    assert found.settings['decomposition']['num_resamples'] == 20
    assert found.dataset == dict(classes=['x'], label_rule='raw',
                                 nested=dict(a=[1, 2]),
                                 data_fingerprint=table.data_fingerprint())
    assert found.router is None


def test_counts_actions(table, tmp_path):
    router = Router(.05, .4)
    dump = DumpPredictions(tmp_path / 'p.csv', router, kind='variance')
    dump.evaluate_table(table)
    found = collect_results([dump], {}, dump.table, {}, router)
    assert found.metrics == {
        f'{family}/{key}': value for family, report in (
            ('actions', action_report(dump.table)),
            ('per_class', per_class_report(table, 'variance')))
        for key, value in report.values.items()
    }
    assert found.kind == 'variance'
    assert found.router['tau_epistemic'] == .05


def test_recompute_keeps_what_a_table_cannot_tell(table, results):
    old = replace(
        results,
        metrics={**results.metrics, 'accuracy/top1': 90.,
                 'routing/ratio_total': -1., 'routing/gone': 2.},
        notes={'predictions/action': 'why', 'routing/old': 'gone'},
        dataset=dict(label_rule='raw'),
        router=dict(tau_epistemic=.1, tau_aleatoric=.2))
    new = recompute(table, old)
    assert new.metrics == {**results.metrics, 'accuracy/top1': 90.}
    assert new.notes == {'predictions/action': 'why'}
    assert new.dataset == dict(label_rule='raw',
                               data_fingerprint=table.data_fingerprint())
    assert new.router == old.router


def test_recompute_uses_the_old_settings(table, quick):
    old = replace(quick, settings=dict(
        decomposition=dict(kind='variance', num_resamples=20),
        routing=dict(headline_rate=.3, num_resamples=20)))
    new = recompute(table, old)
    assert new.kind == 'variance'
    # Also of a metric the test did not have.
    assert new.setting('selective', 'kind', None) == 'variance'
    assert new.metrics['routing/rejection_rate'] == .3
