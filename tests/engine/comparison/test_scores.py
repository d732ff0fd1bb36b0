"""What a config says a method is judged by."""

from mmengine.config import Config

from uar_mmpretrain.engine.comparison.scores import (
    ChosenScores,
    chosen_scores,
)


def test_scores_are_those_of_the_metrics():
    cfg = Config(dict(test_evaluator=[
        dict(type='DecompositionMetric', score='dirichlet_aleatoric'),
        dict(type='RoutingMetric', score='vacuity', severity=3),
        dict(type='CalibrationMetric')]))
    assert chosen_scores(cfg) == ChosenScores('vacuity',
                                              'dirichlet_aleatoric', 3)


def test_by_default_they_are_the_two_parts():
    expected = ChosenScores('epistemic', 'aleatoric', 5)
    for evaluator in (None, [], dict(type='Accuracy'),
                      [dict(type='RoutingMetric')]):
        assert chosen_scores(dict(test_evaluator=evaluator)) == expected


def test_a_single_metric_counts_too():
    cfg = Config(dict(test_evaluator=dict(type='RoutingMetric', severity=2)))
    assert chosen_scores(cfg).severity == 2
