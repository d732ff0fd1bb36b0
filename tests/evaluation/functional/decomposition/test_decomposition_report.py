"""Dual validation as a flat report."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest, pearsonr, spearmanr
from sklearn.metrics import roc_auc_score

from uar_mmpretrain.evaluation.functional import (
    decomposition_report,
    vote_entropy,
)


@pytest.fixture(scope='module')
def report(table):
    return decomposition_report(table, num_resamples=50)


def test_clean_part(table, report):
    clean = table.clean()
    judged = clean.eval_label >= 0
    values = report.values
    assert values['num_images'] == 60 and values['num_members'] == 3
    assert values['accuracy_num_images'] == judged.sum() < 60
    assert values['accuracy'] == (clean.mean_scores.argmax(1) ==
                                  clean.eval_label)[judged].mean()
    assert values['num_images_with_votes'] == 60
    assert values['spearman_aleatoric'] == spearmanr(
        clean.decompose().aleatoric, vote_entropy(clean.votes)).statistic
    assert (values['spearman_aleatoric_low'] < values['spearman_aleatoric'] <
            values['spearman_aleatoric_high'])
    assert values['spearman_aleatoric_of_ceiling'] == pytest.approx(
        values['spearman_aleatoric'] / values['vote_ceiling'])


def test_the_whole_table_of_cross_terms_is_there(report):
    for name in ('epistemic', 'total', 'aleatoric'):
        for severity in (1, 5):
            key = f'auroc_{name}_sev{severity}'
            assert {key, f'{key}_low', f'{key}_high'} <= set(report.values)
    assert {'spearman_epistemic', 'spearman_total',
            'spearman_aleatoric_closed_form_low',
            'spearman_aleatoric_epistemic_clean',
            'spearman_aleatoric_epistemic_corrupted'} <= set(report.details)


def test_accuracy_has_the_interval_of_wilson(table, report):
    clean = table.clean()
    judged = clean.eval_label >= 0
    correct = (clean.mean_scores.argmax(1) == clean.eval_label)[judged]
    low, high = binomtest(int(correct.sum()), len(correct)).proportion_ci(
        method='wilson')
    assert (report.values['accuracy_low'], report.values['accuracy_high']) \
        == pytest.approx((low, high))
    # By hand, z = 1.96: (p + z^2 / 2n +- z sqrt(...)) / (1 + z^2 / n).
    n, p, z = len(correct), correct.mean(), 1.959964
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    assert (low + high) / 2 == pytest.approx(centre, abs=1e-6)


def with_interval(key):
    return {key, f'{key}_low', f'{key}_high'}


def test_every_cell_and_difference_has_an_interval(report):
    keys = [f'spearman_{name}' for name in ('epistemic', 'total')]
    keys += [f'spearman_aleatoric_minus_{name}'
             for name in ('epistemic', 'total')]
    keys += ['spearman_aleatoric_votes_given_epistemic',
             'spearman_epistemic_votes_given_aleatoric',
             'spearman_aleatoric_within_class']
    for severity in (1, 5):
        keys += [f'auroc_epistemic_minus_{name}_sev{severity}'
                 for name in ('total', 'aleatoric')]
        keys += [f'spearman_epistemic_shift_given_aleatoric_sev{severity}',
                 f'spearman_aleatoric_shift_given_epistemic_sev{severity}']
    keys += [f'{kind}_aleatoric_epistemic_{rows}'
             for kind in ('spearman', 'pearson')
             for rows in ('clean', 'corrupted', 'pooled')]
    for key in keys:
        assert with_interval(key) <= set(report.details)


def test_differences(report):
    figures = {**report.values, **report.details}
    for first, other, difference in (
            ('spearman_aleatoric', 'spearman_total',
             'spearman_aleatoric_minus_total'),
            ('auroc_epistemic_sev5', 'auroc_aleatoric_sev5',
             'auroc_epistemic_minus_aleatoric_sev5')):
        assert figures[difference] == pytest.approx(
            figures[first] - figures[other])


def test_correlation_of_the_parts(table, report):
    parts = table.decompose()
    for rows, mask in (('clean', table.is_clean),
                       ('corrupted', ~table.is_clean),
                       ('pooled', slice(None))):
        first, second = parts.aleatoric[mask], parts.epistemic[mask]
        key = f'aleatoric_epistemic_{rows}'
        assert report.details[f'spearman_{key}'] == pytest.approx(
            spearmanr(first, second).statistic)
        assert report.details[f'pearson_{key}'] == pytest.approx(
            pearsonr(first, second).statistic)


def test_shift_once_the_other_part_is_known(table, report):
    parts = table.decompose()
    each = []
    for name in ('contrast', 'gaussian_noise', 'pixelate'):
        rows = table.is_clean | ((table.corruption == name)
                                 & (table.severity == 5))
        xy, xz, yz = (spearmanr(*pair).statistic for pair in (
            (parts.epistemic[rows], ~table.is_clean[rows]),
            (parts.epistemic[rows], parts.aleatoric[rows]),
            (parts.aleatoric[rows], ~table.is_clean[rows])))
        each.append((xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2)))
    assert report.details['spearman_epistemic_shift_given_aleatoric_sev5'] \
        == pytest.approx(np.mean(each))


def test_both_ceilings(report):
    values, details = report.values, report.details
    assert 0 < details['vote_reliability'] < 1
    assert values['vote_ceiling_dirichlet'] == pytest.approx(
        values['vote_ceiling'], abs=.1)
    assert values['spearman_aleatoric_of_ceiling_dirichlet'] == \
        pytest.approx(values['spearman_aleatoric'] /
                      values['vote_ceiling_dirichlet'])
    assert details['mean_population_entropy_dirichlet'] > \
        details['mean_vote_entropy']


def test_further_scores_are_validated_too(table):
    channels = dict(density=2 * table.decompose().epistemic,
                    constant=np.ones(len(table)))
    found = decomposition_report(replace(table, channels=channels),
                                 num_resamples=20)
    for figure in ('auroc_{}_sev5', 'auroc_{}_contrast_sev1',
                   'spearman_{}'):
        name = 'epistemic'
        figures = {**found.values, **found.details}
        assert found.details[figure.format('density')] == pytest.approx(
            figures[figure.format(name)])
    assert found.details['auroc_epistemic_minus_density_sev5'] == 0
    # Ties count one half in an AUROC; no correlation is defined.
    for name in ('sev5', 'sev5_low', 'sev5_high', 'contrast_sev1'):
        assert found.details[f'auroc_constant_{name}'] == .5
    assert 'spearman_constant' not in found.details
    assert 'same for all images' in found.notes['votes_constant']


def test_members_that_agree_exactly(table):
    """No epistemic uncertainty anywhere: the rest is still reported."""
    same = np.repeat(table.member_scores[:, :1], 3, axis=1)
    found = decomposition_report(replace(table, member_scores=same),
                                 num_resamples=20)
    assert {'spearman_aleatoric', 'vote_ceiling',
            'auroc_total_sev5'} <= set(found.values)
    assert found.values['auroc_epistemic_sev5'] == .5
    assert {'votes_epistemic', 'parts_clean', 'shift_given'} <= set(
        found.notes)


def test_parts_in_opposite_order_leave_nothing_to_hold_fixed(make_table):
    """Two members (a, 1 - a) and (1 - a, a): only a differs."""
    a = np.random.default_rng(0).uniform(.5, 1, 40)
    rows = make_table(40, corruptions=['contrast'], severities=[5])
    place = np.searchsorted(np.unique(rows.image_id), rows.image_id)
    first = np.stack([a, 1 - a], 1)[place] * (1 - .01 * rows.severity)[
        :, None] + .005 * rows.severity[:, None]
    scores = np.stack([first, first[:, ::-1]], 1)
    found = decomposition_report(
        replace(rows, member_scores=np.pad(
            scores, ((0, 0), (0, 0), (0, 2)))), num_resamples=20)
    key = 'spearman_aleatoric_votes_given_epistemic'
    assert np.isnan(found.details[key])
    assert found.notes[key].startswith('undefined: ')
    # The uncertainty of the mean is ln 2, give or take its last digits.
    assert not np.isnan(found.values['spearman_aleatoric'])


def test_mean_over_corruptions(table, report):
    epistemic = table.decompose().epistemic
    each = []
    for name in ('contrast', 'gaussian_noise', 'pixelate'):
        rows = table.is_clean | ((table.corruption == name)
                                 & (table.severity == 5))
        each.append(roc_auc_score(~table.is_clean[rows], epistemic[rows]))
        assert report.details[f'auroc_epistemic_{name}_sev5'] == \
            pytest.approx(each[-1])
    assert report.values['auroc_epistemic_sev5'] == pytest.approx(
        np.mean(each))


def test_only_floats(report):
    for values in (report.values, report.details):
        assert all(type(value) is float for value in values.values())
    assert not report.notes


def test_kind_reaches_every_part(table, report):
    other = decomposition_report(table, 'variance', num_resamples=20)
    for key in ('spearman_aleatoric', 'auroc_epistemic_sev1',
                'auroc_total_sev5'):
        assert other.values[key] != report.values[key]
    assert other.values['accuracy'] == report.values['accuracy']


def test_without_votes_the_rest_goes_on(table):
    found = decomposition_report(replace(table, votes=None), num_resamples=20)
    assert 'no image has votes' in found.notes['votes']
    assert 'spearman_aleatoric' not in found.values
    assert {'accuracy', 'auroc_epistemic_sev5'} <= set(found.values)


def test_images_without_votes_are_left_out(table, make_table):
    votes = table.votes.copy()
    votes[np.isin(table.image_id, [f'test/{i:04}.png' for i in range(25)])] = 0
    found = decomposition_report(replace(table, votes=votes),
                                 num_resamples=20)
    assert found.values['num_images_with_votes'] == 35
    assert found.values['num_images'] == 60


def test_a_single_member_has_no_epistemic_part(make_table):
    found = decomposition_report(make_table(num_members=1), num_resamples=20)
    assert 'one member' in found.notes['epistemic']
    assert not any('epistemic' in key
                   for key in {**found.values, **found.details})
    assert {'spearman_aleatoric', 'auroc_total_sev5'} <= set(found.values)


def test_clean_rows_only(table):
    found = decomposition_report(table.clean(), num_resamples=20)
    assert '0 corrupted rows' in found.notes['shift']
    assert not any('auroc' in key for key in found.values)
    assert 'spearman_aleatoric' in found.values


def test_no_evaluation_labels(table):
    none = replace(table, eval_label=np.full(len(table), -1))
    found = decomposition_report(none, num_resamples=20)
    assert 'evaluation label' in found.notes['accuracy']
    assert 'accuracy' not in found.values


def test_row_order_changes_nothing(table, report):
    order = np.random.default_rng(0).permutation(len(table))
    assert decomposition_report(table.select(order),
                                num_resamples=50) == report
