"""RoutingMetric returns its report under its own name."""

import pytest
from mmpretrain.registry import METRICS

from uar_mmpretrain.evaluation.functional import routing_report

OPTIONS = dict(kind='variance', rates=(.25, .5), headline_rate=.25,
               severity=1, ambiguous_quantile=.8, score='total',
               num_resamples=20, seed=3)


def test_values_are_those_of_the_report(table, as_samples, evaluate):
    metric = METRICS.build(dict(type='RoutingMetric', **OPTIONS))
    found = evaluate(metric, as_samples(table), table.classes)
    report = routing_report(table, **OPTIONS)
    assert report.values['rejection_rate'] == .25
    assert found == {f'routing/{key}': value
                     for key, value in report.values.items()}
    assert metric.details == report.details and metric.notes == report.notes
    assert metric.settings == OPTIONS


@pytest.mark.parametrize('options, message', [
    (dict(headline_rate=.55), 'headline_rate is 0.55'),
    (dict(rates=[50]), r'rates\[0\] is 50'),
    (dict(ambiguous_quantile=1), 'ambiguous_quantile is 1'),
    (dict(kind='mi'), 'unknown decomposition'),
])
def test_impossible_options_are_refused_before_the_test(options, message):
    with pytest.raises(ValueError, match=message):
        METRICS.build(dict(type='RoutingMetric', **options))
