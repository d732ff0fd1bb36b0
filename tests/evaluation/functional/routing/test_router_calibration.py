"""Which images each part of a router is fitted on, and what is stored."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    CalibrationOptions,
    calibrate_router,
)
from uar_mmpretrain.evaluation.functional.routing.accepted_losses import (
    accepted_losses,
)
from uar_mmpretrain.routing import (
    Action,
    PromiseError,
    Router,
    fingerprint_data,
    rejection_threshold,
)
from uar_mmpretrain.uncertainty import Temperature


@pytest.fixture(scope='module')
def table(make_table):
    return make_table(num_images=400, corruptions=('contrast', ),
                      severities=(5, ))


def calibrate(table, **options):
    return calibrate_router(table, CalibrationOptions(**options))


def test_one_promise_takes_all_clean_images(table):
    router = calibrate_router(table, checkpoint='ab12', split=['Drawn'])
    clean = table.clean()
    scores = clean.decompose().epistemic
    assert router.tau_epistemic == rejection_threshold(scores, .05, .1)[0]
    assert len(router.calibration_scores) == 400
    assert router.classes == table.classes and router.checkpoint == 'ab12'
    info = router.info
    assert info['num_images'] == info['num_calibration_images'] == 400
    assert info['split'] == ['Drawn']
    assert info['data_fingerprint'] == fingerprint_data(
        clean.image_id, np.column_stack([clean.votes, clean.label]))
    assert router == calibrate_router(table.clean(), checkpoint='ab12',
                                      split=['Drawn'])


@pytest.mark.parametrize('options, images', [
    (dict(temperature='common'), 200),
    (dict(promise='risk', risk=.6), 200),
    (dict(promise='risk', risk=.6, temperature='member'), 134),
    (dict(promise='quantile', temperature='common'), 400),
    # Moves no score: any image may be used.
    (dict(temperature='mixture'), 400),
])
def test_everything_fitted_has_images_of_its_own(table, options, images):
    router = calibrate(table, **options)
    assert router.info['num_images'] == pytest.approx(images, abs=1)
    assert len(router.calibration_scores) == router.info['num_images']
    other = calibrate(table, split_seed=1, **options)
    assert (other == replace(router, info=other.info)) is (images == 400)
    assert calibrate(table, **options) == router


def test_the_temperature_is_not_fitted_on_promised_images(table):
    """Other votes of the promised images change no temperature."""
    router = calibrate(table, temperature='common')
    clean = table.clean()
    scores = router.rejection_score(router.decompose(clean.member_scores))
    promised = np.isin(scores, router.calibration_scores)
    assert promised.sum() == 200
    votes = clean.votes.copy()
    votes[promised] = votes[promised][:, ::-1]
    same = calibrate(replace(clean, votes=votes), temperature='common')
    assert same.temperature == router.temperature
    votes = clean.votes.copy()
    votes[~promised] = votes[~promised][:, ::-1]
    other = calibrate(replace(clean, votes=votes), temperature='common')
    assert other.temperature != router.temperature


@pytest.mark.parametrize('mode', ['common', 'member', 'mixture'])
def test_temperature(table, mode):
    router = calibrate(table, temperature=mode, promise='quantile')
    clean = table.clean()
    shares = clean.votes / clean.votes.sum(1, keepdims=True)
    assert router.temperature == Temperature.fit(clean.member_scores, shares,
                                                 mode)
    scores = router.decompose(clean.member_scores).epistemic
    assert router.tau_epistemic == np.quantile(scores, .95)


def test_labels_where_there_are_no_votes(table):
    votes = table.clean().votes.copy()
    votes[::2] = 0
    label = np.where(np.arange(400) % 4 == 0, -1, table.clean().label)
    clean = replace(table.clean(), votes=votes, label=label)
    known = np.arange(400) % 4 != 0
    target = np.eye(4)[clean.label]
    target[1::2] = votes[1::2] / votes[1::2].sum(1, keepdims=True)
    found = calibrate(clean, temperature='common', promise='quantile')
    assert found.temperature == Temperature.fit(
        clean.member_scores[known], target[known], 'common')
    nothing = replace(clean, votes=None, label=np.full(400, -1))
    with pytest.raises(ValueError, match='use the mode none'):
        calibrate(nothing, temperature='common')


def test_risk(table):
    router = calibrate(table, promise='risk', risk=.5, loss='votes')
    assert set(router.promises) == {'rejection', 'risk'}
    promise = router.promises['risk']
    assert promise['loss'] == 'votes'
    assert promise['test'] == 'Hoeffding-Bentkus'
    assert promise['mean_loss'] < .5 and promise['p_value'] <= .1
    # Half of the images, less those rejected.
    assert 180 <= promise['num_images'] <= 200
    with pytest.raises(PromiseError, match='images'):
        calibrate(table, promise='risk', risk=.01)


def test_losses_by_hand(make_table):
    table = make_table(4, corruptions=())
    certain = np.zeros((4, 3, 4), dtype=np.float32)
    certain[..., 1] = 1
    certain[3] = np.eye(4)[:3]
    table = replace(table, member_scores=certain,
                    eval_label=np.array([1, 2, -1, 0]),
                    votes=np.array([[0, 10, 0, 0], [2, 6, 2, 0],
                                    [0, 0, 0, 0], [1, 0, 0, 0]]))
    # The last image is the only one the members disagree on.
    router = Router(.5, 1.)
    errors = accepted_losses(router, table, 'error')
    assert errors.loss.tolist() == [0, 1]
    np.testing.assert_allclose(errors.aleatoric, 0, atol=1e-12)
    votes = accepted_losses(router, table, 'votes')
    np.testing.assert_allclose(votes.loss, [0, .4])
    # Three equal means: the first class.
    all_kept = accepted_losses(Router(np.inf, 1.), table, 'error')
    assert all_kept.loss.tolist() == [0, 1, 0]
    assert len(accepted_losses(router, replace(table, votes=None),
                               'votes').loss) == 0


def test_by_a_channel(table):
    density = np.random.default_rng(0).normal(size=len(table))
    with_channel = replace(table, channels=dict(density=density))
    router = calibrate(with_channel, score='density')
    clean = with_channel.clean()
    actions = router.route_scores(clean.member_scores, clean.channels)
    np.testing.assert_array_equal(
        actions == Action.REJECT,
        clean.channels['density'] > router.tau_epistemic)
    with pytest.raises(KeyError, match='density'):
        calibrate(table, score='density')


@pytest.mark.parametrize('options, message', [
    (dict(promise='all'), "unknown promise 'all'; expected one of quantile"),
    (dict(loss='mse'), "unknown loss 'mse'"),
    (dict(temperature='hot'), 'unknown temperature mode'),
    (dict(alpha=0), 'alpha is 0'),
    (dict(delta=1), 'delta is 1'),
    (dict(risk=-1), 'risk is -1'),
    (dict(ambiguous_quantile=2), 'ambiguous_quantile is 2'),
])
def test_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        CalibrationOptions(**options)


def test_too_few_images(make_table):
    with pytest.raises(PromiseError, match=r'at least 45 .*\(found 44\)'):
        calibrate_router(make_table(44, corruptions=()))
    with pytest.raises(PromiseError, match='2 clean .* in 3 parts'):
        calibrate(make_table(2, corruptions=()), promise='risk',
                  temperature='common')
