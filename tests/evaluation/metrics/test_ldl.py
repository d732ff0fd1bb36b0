"""LDLMetric returns its report under its own name."""

from mmpretrain.registry import METRICS

from uar_mmpretrain.evaluation.functional import ldl_report

SETTINGS = dict(num_resamples=20, seed=3)


def test_values_are_those_of_the_report(table, as_samples, evaluate):
    metric = METRICS.build(dict(type='LDLMetric', **SETTINGS))
    found = evaluate(metric, as_samples(table), table.classes)
    report = ldl_report(table, **SETTINGS)
    assert found == {f'ldl/{key}': value
                     for key, value in report.values.items()}
    assert metric.details == report.details and metric.notes == report.notes
    assert metric.settings == SETTINGS
