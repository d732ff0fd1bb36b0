"""CalibrationMetric returns its report under its own name."""

import pytest
from mmpretrain.registry import METRICS

from uar_mmpretrain.evaluation.functional import calibration_report

SETTINGS = dict(num_bins=7, num_resamples=20, seed=3)


def test_values_are_those_of_the_report(table, as_samples, evaluate):
    metric = METRICS.build(dict(type='CalibrationMetric', **SETTINGS))
    found = evaluate(metric, as_samples(table), table.classes)
    report = calibration_report(table, **SETTINGS)
    assert found == {f'calibration/{key}': value
                     for key, value in report.values.items()}
    assert metric.details == report.details and metric.notes == report.notes
    assert metric.settings == SETTINGS


def test_refuses_no_bins_before_a_test_starts():
    with pytest.raises(ValueError, match='num_bins is 0'):
        METRICS.build(dict(type='CalibrationMetric', num_bins=0))
