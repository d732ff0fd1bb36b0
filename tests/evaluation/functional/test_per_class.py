"""Every class by name, against scikit-learn."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import (
    balanced_accuracy_score,
    classification_report,
    f1_score,
)

from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    per_class_report,
)


def test_equals_scikit_learn(table):
    found = per_class_report(table)
    clean = table.clean()
    judged = clean.eval_label >= 0
    truth = clean.eval_label[judged]
    answer = clean.mean_scores.argmax(1)[judged]
    expected = classification_report(
        truth, answer, labels=range(4), target_names=table.classes,
        output_dict=True)
    for name in table.classes:
        for ours, theirs in dict(precision='precision', recall='recall',
                                 f1='f1-score', num_images='support').items():
            assert found.details[f'{ours}_{name}'] == pytest.approx(
                expected[name][theirs])
    assert found.values['num_images'] == judged.sum()
    assert found.values['balanced_accuracy'] == pytest.approx(
        balanced_accuracy_score(truth, answer))
    assert found.values['f1_macro'] == pytest.approx(
        f1_score(truth, answer, average='macro'))


@pytest.fixture
def small():
    """Truth x x y z?, answers x y y w: z is not judged, w never true."""
    return PredictionTable(
        image_id=list('abcd'), corruption=['clean'] * 4, severity=[0] * 4,
        label=[0, 0, 1, 2], eval_label=[0, 0, 1, -1],
        member_scores=[[[.7, .1, .1, .1]], [[.1, .7, .1, .1]],
                       [[.1, .7, .1, .1]], [[.1, .1, .1, .7]]],
        votes=[[10, 0, 0, 0], [5, 5, 0, 0], [0, 0, 0, 0], [0, 0, 9, 1]],
        classes=('x', 'y', 'z', 'w'))


def test_by_hand(small):
    found = per_class_report(small)
    details = found.details
    assert details['num_images_x'] == 2 and details['num_images_z'] == 0
    assert details['recall_x'] == .5 == details['precision_y']
    assert details['recall_y'] == 1 == details['precision_x']
    assert details['f1_x'] == details['f1_y'] == pytest.approx(2 / 3)
    assert details['vote_entropy_x'] == pytest.approx(np.log(2) / 2)
    assert details['aleatoric_x'] == pytest.approx(
        -.7 * np.log(.7) - .3 * np.log(.1), abs=1e-6)
    assert found.values == dict(
        num_images=3, balanced_accuracy=.75, f1_macro=pytest.approx(2 / 3))


def test_what_is_undefined_is_left_out(small):
    details = per_class_report(small).details
    for key in ('recall_z', 'precision_z', 'f1_z', 'aleatoric_z',
                'vote_entropy_y', 'precision_w'):
        assert key not in details
    assert 'aleatoric_y' in details
    assert all(np.isfinite(list(details.values())))


def test_a_class_never_predicted_counts_as_zero(small):
    table = replace(small, eval_label=[0, 0, 1, 2])
    found = per_class_report(table)
    assert 'precision_z' not in found.details
    assert found.details['recall_z'] == 0 == found.details['f1_z']
    # w is predicted once and never true: its F1 is 0 too.
    assert found.values['f1_macro'] == pytest.approx((2 / 3 + 2 / 3) / 4)
    assert found.values['balanced_accuracy'] == pytest.approx(.5)


def test_the_kind_is_that_of_the_aleatoric_part(small):
    found = per_class_report(small, 'variance').details['aleatoric_x']
    assert found == pytest.approx(.7 * .3 + 3 * .1 * .9, abs=1e-6)


def test_without_labels_there_is_a_reason(small):
    found = per_class_report(replace(small, eval_label=[-1] * 4))
    assert found.values == found.details == {}
    assert 'no clean image has an evaluation label' \
        in found.notes['per_class']
