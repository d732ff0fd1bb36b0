"""Matched rejection as a flat report."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    auroc,
    routing_report,
    routing_rows,
)
from uar_mmpretrain.evaluation.functional.routing.routing_report import (
    retention_key,
)


@pytest.fixture(scope='module')
def big(make_table):
    return make_table(300)


@pytest.fixture(scope='module')
def report(big):
    return routing_report(big, num_resamples=60)


def test_sets(big, report):
    rows = routing_rows(big)
    values = report.values
    assert values['num_ambiguous'] == rows.sets.ambiguous.sum()
    assert values['num_ambiguous'] + values['num_clear'] == 300
    assert values['num_corrupted'] == 900
    assert values['ambiguous_cut'] == rows.cut
    assert values['retention_random'] == .5 == values['rejection_rate']


def test_headline_is_the_middle_of_the_curve(report):
    for name in ('epistemic', 'total', 'aleatoric', 'least_confidence'):
        key = f'retention_{name}'
        assert report.values[key] == report.details[retention_key(key, .5)]
        assert (report.values[f'{key}_low'] <= report.values[key] <=
                report.values[f'{key}_high'])
        curve = [report.details[retention_key(key, r / 10)]
                 for r in range(1, 10)]
        assert curve == sorted(curve, reverse=True)
        assert abs(report.details[f'{key}_in_sample'] -
                   report.values[key]) < .1


def test_threshold_free_form(big, report):
    rows = routing_rows(big)
    score = big.decompose().epistemic
    expected = auroc(score[rows.ood],
                     score[rows.clean][rows.sets.ambiguous])
    assert report.values['auroc_ambiguous_epistemic'] == pytest.approx(
        expected)
    curve = [report.details[f'retention_epistemic_at_{r}']
             for r in range(10, 100, 10)]
    assert (sum(curve) + .5) / 10 == pytest.approx(expected, abs=.05)


def test_comparisons(report):
    values = report.values
    assert values['ratio_total'] == pytest.approx(
        values['retention_epistemic'] / values['retention_total'])
    assert values['difference_random_points'] == pytest.approx(
        100 * (values['retention_epistemic'] - .5))
    for key in ('ratio_total', 'difference_total_points', 'ratio_random'):
        assert values[f'{key}_low'] < values[key] < values[f'{key}_high']
    for values in (report.values, report.details):
        assert all(type(value) is float for value in values.values())


def test_best_is_the_comparator_that_keeps_most(report):
    comparators = ('total', 'aleatoric', 'least_confidence')
    best, = [key[16:] for key in report.details
             if key.startswith('best_comparator_')]
    kept = {name: report.values[f'retention_{name}'] for name in comparators}
    assert kept[best] == max(kept.values())
    assert report.details[f'best_comparator_{best}'] == kept[best]
    assert report.values['ratio_best'] == report.values[f'ratio_{best}']
    assert report.values['difference_best_points'] == min(
        report.values[f'difference_{name}_points'] for name in comparators)


def test_worst_corruption(report):
    aurocs = {name: report.details[f'auroc_ambiguous_epistemic_{name}']
              for name in ('contrast', 'gaussian_noise', 'pixelate')}
    worst, = [key for key in report.details
              if key.startswith('worst_corruption_')]
    assert report.details[worst] == min(aurocs.values())
    assert aurocs[worst[17:]] == min(aurocs.values())


def test_the_headline_is_one_of_the_definitions(report):
    for name in ('retention_epistemic', 'auroc_ambiguous_total',
                 'num_ambiguous'):
        assert report.details[f'{name}_top_quartile'] == report.values[name]


def test_ties_that_cannot_reach_the_rate_print_no_ratio(big):
    steps = replace(big, channels=dict(
        steps=np.round(big.decompose().epistemic, 1)))
    found = routing_report(steps, score='steps', num_resamples=5)
    for name in ('epistemic', 'total', 'random', 'best'):
        assert f'against_{name}' in found.notes
        assert f'ratio_{name}' not in found.values
        assert f'difference_{name}_points' not in found.values


def test_a_corruption_of_few_images_leaves_that_table_out(big):
    few = big.select((big.corruption != 'contrast') |
                     (big.image_id < 'test/0001.png'))
    found = routing_report(few, num_resamples=5)
    assert 'a half of the images' in found.notes['corruptions']
    assert not any(key.startswith('rejected_') for key in found.details)
    assert 'ratio_total' in found.values


@pytest.mark.parametrize('change, message', [
    (lambda t: replace(t, votes=None), 'no image has votes'),
    (lambda t: t.clean(), 'no corrupted copies at severity 5'),
    (lambda t: t.select(t.image_id < 'test/0010.png'), '10 clean images'),
    (lambda t: replace(t, votes=np.ones_like(t.votes)),
     'all clean faces are ambiguous'),
])
def test_left_out_with_the_reason(big, change, message):
    found = routing_report(change(big), num_resamples=5)
    assert message in found.notes['routing']
    assert not found.details


def test_a_constant_score_prints_no_ratio(big):
    same = np.broadcast_to(big.member_scores[:, :1], big.member_scores.shape)
    found = routing_report(replace(big, member_scores=same), num_resamples=5)
    assert 'constant' in found.notes['retention_epistemic']
    assert 'constant' in found.notes['against_total']
    assert not any('ratio' in key for key in found.values)
    assert 'retention_total' in found.values


def test_row_order_changes_nothing(big, report):
    order = np.random.default_rng(0).permutation(len(big))
    assert routing_report(big.select(order), num_resamples=60) == report


@pytest.mark.parametrize('options, message', [
    (dict(rates=[.5, 1.]), r'rates\[1\] is 1.0'),
    (dict(headline_rate=.55), 'headline_rate is 0.55'),
    (dict(ambiguous_quantile=75), 'ambiguous_quantile is 75'),
])
def test_refuses_impossible_options(big, options, message):
    with pytest.raises(ValueError, match=message):
        routing_report(big, **options)
