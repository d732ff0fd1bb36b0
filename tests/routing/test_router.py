"""The routing rule, and a file that is read as nothing but a router."""

import json
import math

import numpy as np
import pytest
import torch

from uar_mmpretrain.routing import Action, Router
from uar_mmpretrain.uncertainty import Decomposition, decompose

ACCEPT, REPORT, REJECT = Action


def parts(epistemic, aleatoric, make=np.asarray):
    total = np.add(epistemic, aleatoric)
    return Decomposition(make(total), make(aleatoric), make(epistemic))


@pytest.fixture
def saved(tmp_path):
    router = Router(0.1 + 0.2, 1 / 3, 'variance',
                    dict(num_images=7, promise='none', split=['a', 'val']))
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


@pytest.mark.parametrize('found', ['uar_mmpretrain.router/2', 'GONE'])
def test_another_format(found, saved):
    _, path = saved
    edit(path, format=found)
    expected = None if found == 'GONE' else found
    with pytest.raises(ValueError,
                       match=f'router.json: format {expected!r}; expected '
                       "'uar_mmpretrain.router/1'"):
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
])
def test_missing_unknown_and_mistyped_fields(changes, saved):
    _, path = saved
    edit(path, **changes)
    with pytest.raises(ValueError, match='router.json: .*expected the fields'):
        Router.load(path)


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError, match='router.json'):
        Router.load(tmp_path / 'router.json')
