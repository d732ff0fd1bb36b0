from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score

from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    calibration_report,
    per_class_report,
    selective_report,
    spearman,
    uncertainty_scores,
)
from uar_mmpretrain.evaluation.functional.method_table.clean_figures import (
    label_figures,
    macro_f1,
    ordering_figures,
    rank_figures,
    vote_figures,
)


def test_macro_f1_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    truth, predicted = rng.integers(0, 4, (2, 50))
    confusion = confusion_matrix(truth, predicted)
    expected = f1_score(truth, predicted, average='macro')
    assert macro_f1(confusion) == pytest.approx(expected)
    # Shares instead of counts, many at once.
    both = macro_f1(np.stack([confusion, confusion / 50]))
    assert both == pytest.approx([expected, expected])


def test_macro_f1_leaves_out_a_class_that_never_occurs():
    # F1 of the others: 2 * 2 / (3 + 2) and 2 * 1 / (1 + 2).
    confusion = np.array([[2, 1, 0], [0, 1, 0], [0, 0, 0]])
    assert macro_f1(confusion) == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_values_are_those_of_the_reports(table):
    clean = table.clean()
    labels = label_figures(clean, 5, 0)
    votes = vote_figures(clean, 5, 0)
    report = calibration_report(table, num_resamples=5).values
    for key in ('nll', 'ece'):
        assert labels[key].value == pytest.approx(report[key])
    for key in ('kl', 'ece_soft'):
        assert votes[key].value == pytest.approx(report[key])
    assert labels['f1_macro'].value == pytest.approx(
        per_class_report(table).values['f1_macro'])
    total = uncertainty_scores(clean)['total']
    assert ordering_figures(clean, total, 5, 0)['aurc'].value == (
        pytest.approx(selective_report(
            table, num_resamples=5).values['aurc_total']))


def hand_table(num_images=4):
    """Two classes, a prediction of 0.9 for the first one always."""
    return PredictionTable(
        image_id=[f'{i}.png' for i in range(num_images)],
        corruption=['clean'] * num_images, severity=[0] * num_images,
        label=[0] * num_images, eval_label=[0, 0, 0, 1][:num_images],
        member_scores=np.tile([[[0.9, 0.1]]], (num_images, 1, 1)),
        classes=('a', 'b'))


def test_label_figures_by_hand():
    found = label_figures(hand_table(), 200, 0)
    assert found['accuracy'].value == 0.75
    assert found['nll'].value == pytest.approx(
        -(3 * np.log(0.9) + np.log(0.1)) / 4)
    assert found['ece'].value == pytest.approx(0.15)
    # Replicates are whole numbers of right answers out of four.
    drawn = found['accuracy'].replicates
    assert drawn.shape == (200, )
    assert set(np.unique(drawn * 4)) <= {0, 1, 2, 3, 4}
    # All from one draw: the gap follows from the accuracy.
    assert found['ece'].replicates == pytest.approx(np.abs(drawn - 0.9))


def test_without_votes_or_labels_it_says_so():
    with pytest.raises(ValueError, match='votes'):
        vote_figures(hand_table(), 5, 0)
    with pytest.raises(ValueError, match='votes'):
        rank_figures(hand_table(), np.zeros(4), 5, 0)
    unlabelled = replace(hand_table(), eval_label=[-1] * 4)
    for figures in (lambda: label_figures(unlabelled, 5, 0),
                    lambda: ordering_figures(unlabelled, np.zeros(4), 5, 0)):
        with pytest.raises(ValueError, match='evaluation label'):
            figures()


def test_rho_is_spearmans_and_shares_its_ceiling(table):
    clean = table.clean()
    score = uncertainty_scores(clean)['aleatoric']
    found = rank_figures(clean, score, 20, 0)
    rho = spearman(score, clean.vote_entropy()).rho
    assert found['rho'].value == pytest.approx(rho)
    ceiling = found['rho'].value / found['rho_of_ceiling'].value
    assert 0 < ceiling <= 1
    assert found['rho'].replicates == pytest.approx(
        found['rho_of_ceiling'].replicates * ceiling)
