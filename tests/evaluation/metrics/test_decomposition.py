"""DecompositionMetric returns its report under its own name."""

from mmpretrain.registry import METRICS

from uar_mmpretrain.evaluation.functional import decomposition_report


def test_values_are_those_of_the_report(table, as_samples, evaluate):
    metric = METRICS.build(dict(type='DecompositionMetric', kind='variance',
                                num_resamples=20, seed=3))
    found = evaluate(metric, as_samples(table), table.classes)
    report = decomposition_report(table, 'variance', 20, 3)
    assert found == {f'decomposition/{key}': value
                     for key, value in report.values.items()}
    assert metric.details == report.details and metric.notes == report.notes
    assert metric.settings == dict(kind='variance', num_resamples=20, seed=3,
                                   vote_policy=None, score='aleatoric')


def test_the_rule_of_the_votes_stays_with_the_number():
    metric = METRICS.build(dict(type='DecompositionMetric'))
    metric.dataset_meta = dict(classes=('a', 'b'), label_rule='raw',
                               num_kept=2536, num_named=3573)
    assert metric.settings['vote_policy'] == (
        "votes for 2 classes, images by label rule 'raw' (2,536 of 3,573)")
    # Computed again from a file, without a data set.
    again = METRICS.build(dict(type='DecompositionMetric',
                               **metric.settings))
    assert again.settings == metric.settings


def test_left_out_parts_are_logged_and_noted(table, as_samples, evaluate,
                                             monkeypatch):
    lines = []
    monkeypatch.setattr('uar_mmpretrain.evaluation.metrics.member_scores.'
                        'print_log', lambda text, logger: lines.append(text))
    metric = METRICS.build(dict(type='DecompositionMetric', num_resamples=5))
    evaluate(metric, as_samples(table.clean()), table.classes)
    assert 'corrupted rows' in metric.notes['shift']
    assert any('shift left out: 60 clean and 0' in line for line in lines)
