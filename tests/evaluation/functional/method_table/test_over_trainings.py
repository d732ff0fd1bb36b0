from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    Estimate,
    PredictionTable,
    uncertainty_scores,
)
from uar_mmpretrain.evaluation.functional.method_table import (
    ComparedRows,
    MethodCosts,
    MethodFigures,
    average_trainings,
    compare_methods,
    measure_members,
    measure_method,
)

ROWS = ComparedRows('LDL', np.array(['a.png']), np.array([0]),
                    np.zeros((1, 2)), ('x', 'y'))


def training(reasons=None, **estimates):
    return MethodFigures(
        'LDL', ROWS, {key: Estimate(value, np.asarray(drawn, dtype=float))
                      for key, (value, drawn) in estimates.items()},
        reasons or {})


def test_mean_and_standard_deviation_by_hand():
    found = average_trainings([
        training(rho=(0.5, [0.4, 0.6]), forward_passes=(1, [])),
        training(rho=(0.7, [0.8, 0.6]), forward_passes=(1, [])),
        training(rho=(0.9, [0.9, 0.9]), forward_passes=(1, []))])
    assert found.trainings == 3
    assert found.estimates['rho'].value == pytest.approx(0.7)
    assert found.estimates['rho'].replicates == pytest.approx([0.7, 0.7])
    # Squared deviations 0.04, 0 and 0.04, divided by 2.
    assert found.spread == dict(rho=pytest.approx(0.2))
    assert found.estimates['forward_passes'].value == 1


def test_what_one_training_lacks_has_no_mean():
    found = average_trainings([
        training(kl=(0.5, [0.5]), retention=(0.9, [0.9])),
        training(dict(retention='many equal scores'), kl=(0.6, [0.6]))])
    assert set(found.estimates) == {'kl'}
    assert found.reasons == dict(retention='many equal scores')


def test_one_training_has_no_spread():
    only = training(kl=(0.5, [0.5]))
    found = average_trainings([only])
    assert found.spread == {} and found.trainings == 1
    assert found.estimates['kl'].value == 0.5


def test_members_of_an_ensemble_are_its_trainings():
    """Two images, and two members that are right about one or both."""
    scores = np.array([[[0.9, 0.1], [0.6, 0.4]], [[0.7, 0.3], [0.2, 0.8]]])
    table = PredictionTable(
        image_id=['0.png', '1.png'], corruption=['clean'] * 2,
        severity=[0] * 2, label=[0, 1], eval_label=[0, 1],
        member_scores=scores, classes=('a', 'b'),
        channels=dict(density=[1., 2.]))
    found = measure_members('LDL', table, num_resamples=50,
                            costs=MethodCosts(train_epochs=16))
    assert found.estimates['accuracy'].value == 0.75
    assert found.spread['accuracy'] == pytest.approx(0.5 ** 0.5 / 2)
    # -ln p of the label: 0.9 and 0.3, then 0.6 and 0.8.
    assert found.estimates['nll'].value == pytest.approx(
        -np.log([0.9, 0.3, 0.6, 0.8]).mean())
    assert found.estimates['train_epochs'].value == 16
    assert 'train_epochs' not in found.spread
    # The mean network of the two would be right about both.
    assert measure_method('UAR', table, num_resamples=50
                          ).estimates['accuracy'].value == 1


def test_a_member_has_neither_epistemic_part_nor_channels(table):
    assert 'epistemic' in uncertainty_scores(table)
    found = measure_members('LDL', table, num_resamples=5)
    assert 'auroc_mean' in found.reasons
    assert 'auroc_mean_total' in found.estimates
    with_channel = replace(table, channels=dict(
        density=np.arange(len(table), dtype=float)))
    with pytest.raises(ValueError, match="no score 'density'"):
        measure_members('LDL', with_channel, score='density',
                        num_resamples=5)


def test_the_table_tells_the_spread():
    several = average_trainings([training(kl=(0.5, [0.5, 0.5])),
                                 training(kl=(0.7, [0.7, 0.7]))])
    one = replace(training(kl=(0.8, [0.8, 0.8])), name='other')
    first, second = compare_methods([several, one]).rows
    assert (first.trainings, second.trainings) == (2, 1)
    assert first.cells['kl'].spread == pytest.approx(0.02 ** 0.5)
    assert np.isnan(second.cells['kl'].spread)
