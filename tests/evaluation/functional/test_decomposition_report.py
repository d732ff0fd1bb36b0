"""Dual validation as a flat report."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr
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
