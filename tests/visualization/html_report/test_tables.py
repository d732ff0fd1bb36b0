"""Numbers in cards and tables."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    decomposition_report,
    per_class_report,
    routing_report,
    shift_detection,
)
from uar_mmpretrain.visualization.html_report.tables import (
    Value,
    class_table,
    headline,
    score_table,
)


def test_values_as_text():
    assert str(Value(0.12345)) == '0.123'
    assert Value(0.12345).interval == ''
    share = Value(0.5, 0.41, 0.62, percent=True)
    assert (str(share), share.interval) == ('50.0%', '41.0% to 62.0%')


def test_headline_is_that_of_the_functions(run):
    cards = {card.key: card for card in headline(run)}
    decomposition = decomposition_report(run.table, num_resamples=20)
    routing = routing_report(run.table, num_resamples=20)
    reports = dict(decomposition=decomposition, routing=routing)
    assert list(cards) == [
        'decomposition/accuracy', 'decomposition/spearman_aleatoric',
        'decomposition/auroc_epistemic_sev5',
        'routing/auroc_ambiguous_epistemic', 'routing/retention_epistemic']
    for key, card in cards.items():
        family, name = key.split('/')
        values = reports[family].values
        assert card.value.value == values[name]
        assert (card.value.low, card.value.high) == (
            values[f'{name}_low'], values[f'{name}_high'])
    kept = cards['routing/retention_epistemic']
    total = routing.values['retention_total']
    assert kept.beside == f'total {total:.1%}, random 50.0%'
    ceiling = decomposition.values['vote_ceiling']
    assert f'ceiling {ceiling:.3f}' in cards[
        'decomposition/spearman_aleatoric'].beside


def test_headline_without_votes(make_run, table):
    keys = [card.key for card in headline(make_run(replace(table,
                                                           votes=None)))]
    assert keys == ['decomposition/accuracy',
                    'decomposition/auroc_epistemic_sev5']


@pytest.fixture(scope='module')
def with_channel(make_run, table):
    rng = np.random.default_rng(1)
    return make_run(replace(table, channels=dict(
        feature_density=rng.normal(size=len(table)) + table.severity)))


def test_headline_of_the_driving_score(with_channel):
    settings = with_channel.results.settings
    settings = {**settings, 'routing': {**settings['routing'],
                                        'score': 'feature_density'}}
    run = replace(with_channel, results=replace(with_channel.results,
                                                settings=settings))
    cards = {card.key: card for card in headline(run)}
    kept = cards['routing/retention_feature_density']
    assert 'epistemic' in kept.beside and 'total' in kept.beside
    assert cards['routing/auroc_ambiguous_feature_density'].title.startswith(
        'AUROC of feature density')


def test_every_score_has_a_row(with_channel):
    rows = {row['key']: row for row in score_table(with_channel)}
    assert list(rows) == ['epistemic', 'total', 'aleatoric',
                          'least_confidence', 'feature_density']
    metrics = with_channel.results.metrics
    assert rows['epistemic']['shift'].value == metrics[
        'decomposition/auroc_epistemic_sev5']
    assert rows['aleatoric']['votes'].low == metrics[
        'decomposition/spearman_aleatoric_low']
    assert rows['total']['kept'].value == metrics['routing/retention_total']
    # Not in the results: the mean of the heat map.
    found = shift_detection(with_channel.table, with_channel.scores)
    assert rows['least_confidence']['shift'].value == pytest.approx(
        found['least_confidence'].mean[-1])
    assert rows['feature_density']['shift'].value == pytest.approx(
        found['feature_density'].mean[-1])


def test_classes(run):
    report = per_class_report(run.table)
    rows = class_table(run)
    assert [row['name'] for row in rows] == list(run.table.classes)
    for row in rows:
        name = row['name']
        assert row['num_images'] == str(
            int(report.details[f'num_images_{name}']))
        assert row['recall'] == f'{report.details[f"recall_{name}"]:.1%}'
        assert row['aleatoric'] == (
            f'{report.details[f"aleatoric_{name}"]:.3f}')


def test_a_class_that_does_not_occur(make_run, table):
    label = np.where(table.eval_label == 3, -1, table.eval_label)
    rows = class_table(make_run(replace(table, eval_label=label)))
    assert rows[3]['recall'] == '–'


def test_no_classes_without_labels(make_run, table):
    run = make_run(replace(table, eval_label=np.full(len(table), -1)))
    assert class_table(run) == []
