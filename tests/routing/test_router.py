"""The routing rule, and a file that is read as nothing but a router."""

import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from uar_mmpretrain.routing import Action, Router
from uar_mmpretrain.uncertainty import Decomposition, Temperature, decompose

ACCEPT, REPORT, REJECT = Action


def parts(epistemic, aleatoric, make=np.asarray):
    total = np.add(epistemic, aleatoric)
    return Decomposition(make(total), make(aleatoric), make(epistemic))


@pytest.fixture
def saved(tmp_path):
    router = Router(
        0.1 + 0.2, 1 / 3, 'variance',
        dict(num_images=7, split=['a', 'val']), score='density',
        temperature=Temperature('member', [.5, 2 / 3]), classes=('a', 'b'),
        checkpoint='0123456789abcdef',
        promises=dict(rejection=dict(alpha=.05, delta=.1)),
        calibration_scores=(1 / 3, .5, .5))
    path = tmp_path / 'deep' / 'router.json'
    router.save(path)
    return router, path


def edit(path, **changes):
    record = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps(
        {key: value for key, value in record.items() if value != 'GONE'}))


@pytest.mark.parametrize('make', [
    np.float64, np.float32, torch.tensor,
    lambda values: torch.tensor(values, requires_grad=True)
])
def test_epistemic_first_then_aleatoric(make):
    actions = Router(0.5, 1.).route(
        parts([.1, .1, .9, .9], [.3, 1.5, .3, 1.5], make))
    assert actions.tolist() == [ACCEPT, REPORT, REJECT, REJECT]
    assert isinstance(actions, np.ndarray) and actions.dtype == np.int8


def test_a_value_equal_to_its_threshold_passes():
    above = math.nextafter(0.5, 1)
    actions = Router(0.5, 0.5).route(
        parts([.5, .5, above, 0.], [.5, above, .5, .5]))
    assert actions.tolist() == [ACCEPT, REPORT, REJECT, ACCEPT]


def test_float32_scores_do_not_round_the_threshold():
    # The float64 just below a float32 value is that value in float32.
    value = np.float32(0.7)
    below = math.nextafter(float(value), -1)
    uncertain = parts([value], [value], np.float32)
    assert Router(1., below).route(uncertain).tolist() == [REPORT]
    assert Router(below, 1.).route(uncertain).tolist() == [REJECT]
    assert Router(float(value), 1.).route(uncertain).tolist() == [ACCEPT]


def test_infinite_thresholds_switch_an_action_off():
    uncertain = parts([9.], [9.])
    assert Router(math.inf, math.inf).route(uncertain).tolist() == [ACCEPT]
    assert Router(math.inf, 0.).route(uncertain).tolist() == [REPORT]


def test_no_images():
    assert Router(.5, .5).route(parts([], [])).shape == (0, )


def test_a_single_member_cannot_be_routed():
    one = decompose(np.full((3, 1, 4), .25))
    with pytest.raises(ValueError, match='one member has no epistemic'):
        Router(.5, .5).route(one)


@pytest.mark.parametrize('epistemic, aleatoric, name', [
    ([.1, math.nan], [.1, .1], 'epistemic'),
    ([.1, .1], [.1, math.nan], 'aleatoric'),
])
def test_nan_is_never_accepted(epistemic, aleatoric, name):
    with pytest.raises(ValueError,
                       match=f'{name} is NaN for 1 of 2 images.*number 1'):
        Router(.5, .5).route(parts(epistemic, aleatoric))


@pytest.mark.parametrize('name', ['tau_epistemic', 'tau_aleatoric'])
def test_nan_thresholds_are_refused(name, saved):
    with pytest.raises(ValueError, match=f'{name} is NaN'):
        Router(**{'tau_epistemic': 1., 'tau_aleatoric': 1., name: math.nan})
    _, path = saved
    edit(path, **{name: math.nan})
    with pytest.raises(ValueError, match=f'router.json: {name} is NaN'):
        Router.load(path)


def test_round_trip(saved):
    router, path = saved
    loaded = Router.load(path)
    assert loaded == router
    # Not only nearly: no threshold is rounded on its way through the file.
    assert loaded.tau_epistemic == 0.30000000000000004
    assert Router.load(str(path)) == router
    assert [p.name for p in path.parent.iterdir()] == ['router.json']


def test_fields_make_the_router_again(saved):
    """Results keep a router as its fields, the long list left out."""
    router, path = saved
    assert Router(**json.loads(json.dumps(asdict(router)))) == router
    summary = router.summary()
    assert summary['calibration_scores'] == ()
    assert summary['temperature'] == dict(mode='member', values=(.5, 2 / 3))
    assert Router(**summary) == replace(router, calibration_scores=())
    # The scores take one line of the file.
    assert len(path.read_text().splitlines()) < 50


def test_calibration_scores_are_kept_sorted():
    assert Router(1., 1., calibration_scores=[3., 1., 2.]) \
        .calibration_scores == (1., 2., 3.)
    with pytest.raises(ValueError, match='calibration score is NaN'):
        Router(1., 1., calibration_scores=[1., math.nan])


def test_member_scores_are_scaled_before_they_are_routed():
    scores = np.random.default_rng(0).dirichlet(np.ones(4), size=(50, 3))
    temperature = Temperature('common', [2.])
    router = Router(.2, 1.25, 'pairwise_kl', temperature=temperature)
    expected = Router(.2, 1.25).route(
        decompose(temperature.apply(scores), 'pairwise_kl'))
    np.testing.assert_array_equal(router.route_scores(scores), expected)
    assert len(set(expected)) == 3
    plain = Router(.2, 1.25, 'pairwise_kl').route_scores(scores)
    assert (plain != expected).any()
    # A temperature of the mixture is for reporting only.
    mixture = replace(router, temperature=Temperature('mixture', [9.]))
    np.testing.assert_array_equal(mixture.route_scores(scores), plain)


def test_tensors_and_arrays_are_routed_alike():
    scores = np.random.default_rng(0).dirichlet(np.ones(4), size=(50, 3))
    scores = scores.astype(np.float32)
    router = Router(.1, 1., temperature=Temperature('common', [1.5]))
    np.testing.assert_array_equal(
        router.route_scores(torch.from_numpy(scores)),
        router.route_scores(scores))
    found = router.decompose(torch.from_numpy(scores).bfloat16()).total
    assert found.dtype == np.float64


def test_a_channel_in_place_of_the_epistemic_part():
    router = Router(2., .5, score='density')
    one = Decomposition(np.zeros(3), np.array([0., 1., 1.]))
    channels = dict(density=torch.tensor([2., 2., 3.]), other=np.zeros(3))
    assert router.route(one, channels).tolist() == [ACCEPT, REPORT, REJECT]
    for missing in (None, {}, dict(other=np.zeros(3))):
        with pytest.raises(KeyError, match="by the channel 'density'; found"):
            router.route(one, missing)
    with pytest.raises(ValueError, match='density is NaN for 1 of 3'):
        router.route(one, dict(density=[0., math.nan, 0.]))


@pytest.mark.parametrize('given, message', [
    (dict(classes=('b', 'a')), 'the classes a, b; found b, a'),
    (dict(kind='entropy'), 'the decomposition variance; found entropy'),
    (dict(checkpoint='f' * 16), '0123456789abcdef; found ffff'),
])
def test_refuses_what_it_was_not_calibrated_for(given, message, saved):
    router, _ = saved
    fits = dict(classes=['a', 'b'], kind='variance',
                checkpoint='0123456789abcdef')
    router.check(**fits)
    with pytest.raises(ValueError, match=message):
        router.check(**{**fits, **given})


def test_what_is_unknown_is_not_compared(saved):
    router, _ = saved
    router.check()
    Router(.1, .1).check(classes=('a', 'b'), kind='entropy', checkpoint='f')
    with pytest.raises(ValueError, match='entropy; found variance'):
        Router(.1, .1).check(kind='variance')


@pytest.mark.parametrize('changes, cuts', [
    ({}, True), (dict(kind='variance'), False), (dict(score='density'), False),
    (dict(temperature=Temperature('common', [2.])), False),
    (dict(temperature=Temperature('mixture', [2.])), True),
])
def test_whether_its_thresholds_can_be_drawn(changes, cuts):
    assert Router(**dict(tau_epistemic=.1, tau_aleatoric=.1,
                         **changes)).cuts_plane('entropy') is cuts


def test_a_failed_save_leaves_the_old_file(saved, monkeypatch):
    router, path = saved
    with pytest.raises(TypeError):
        Router(1., 1., info=dict(what=object())).save(path)
    assert Router.load(path) == router

    def fail(*args):
        raise OSError('disk full')

    monkeypatch.setattr('os.replace', fail)
    with pytest.raises(OSError, match='disk full'):
        Router(1., 1.).save(path)
    assert Router.load(path) == router


@pytest.mark.parametrize('text', ['', '{"format": "uar_mmp', 'tau = 1'])
def test_not_json(text, tmp_path):
    path = tmp_path / 'router.json'
    path.write_text(text)
    with pytest.raises(ValueError, match='router.json: not JSON'):
        Router.load(path)


def test_a_checkpoint_in_place_of_a_router(tmp_path):
    torch.save(dict(w=torch.zeros(1)), tmp_path / 'a.pth')
    with pytest.raises(ValueError, match='a.pth: not JSON'):
        Router.load(tmp_path / 'a.pth')


@pytest.mark.parametrize('found', ['uar_mmpretrain.router/1', 'GONE'])
def test_another_format(found, saved):
    _, path = saved
    edit(path, format=found)
    expected = None if found == 'GONE' else found
    with pytest.raises(ValueError,
                       match=f'router.json: format {expected!r}; expected '
                       "'uar_mmpretrain.router/2'.*calibrate_routing.py"):
        Router.load(path)


@pytest.mark.parametrize('text', ['[1, 2]', '3.5', 'null'])
def test_json_of_another_kind(text, tmp_path):
    path = tmp_path / 'router.json'
    path.write_text(text)
    with pytest.raises(ValueError, match='router.json: format None'):
        Router.load(path)


@pytest.mark.parametrize('changes', [
    dict(tau_epistemic='GONE'),
    dict(tau_aleatoric='GONE'),
    dict(tau_total=1.),
    dict(tau_epistemic='0.5'),
    dict(tau_aleatoric=None),
    dict(calibration_scores=['a']),
    dict(temperature=dict(kind='hot')),
])
def test_missing_unknown_and_mistyped_fields(changes, saved):
    _, path = saved
    edit(path, **changes)
    with pytest.raises(ValueError, match='router.json: .*expected (the fields'
                       '|a number|a list of numbers)'):
        Router.load(path)


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError, match='router.json'):
        Router.load(tmp_path / 'router.json')
