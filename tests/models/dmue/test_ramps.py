"""Weights that follow the epoch."""

import math

import pytest
from mmengine.logging import MessageHub

from uar_mmpretrain.models.dmue import ramps
from uar_mmpretrain.models.dmue.ramps import current_epoch


@pytest.mark.parametrize('epoch, expected', [
    (0, .0067), (1, .0174), (5, .2865), (9, .9512), (10, 1.), (35, 1.)])
def test_up(epoch, expected):
    assert ramps(epoch, 10)[0] == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize('epoch, expected', [
    (0, 1.), (9, 1.), (10, 1.), (12, .9726), (20, .7788), (35, .6004)])
def test_down(epoch, expected):
    assert ramps(epoch, 10)[1] == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize('side', [0, 1])
def test_nothing_jumps_where_they_meet(side):
    below, at, above = (ramps(6, length)[side]
                        for length in (6 + 1e-6, 6, 6 - 1e-6))
    assert below == pytest.approx(at, abs=1e-9)
    assert above == pytest.approx(at, abs=1e-9)


def test_the_auxiliary_branches_keep_a_third():
    assert ramps(10**9, 10)[1] == pytest.approx(math.exp(-1))


@pytest.fixture
def hub():
    hub = MessageHub.get_current_instance()
    before = dict(hub.runtime_info)
    hub.runtime_info.clear()
    yield hub
    hub.runtime_info.clear()
    hub.runtime_info.update(before)


def test_the_runner_tells_the_epoch(hub):
    hub.update_info('max_epochs', 16)
    hub.update_info('epoch', 3)
    assert current_epoch(5) == 3


def test_nobody_tells_the_epoch(hub):
    with pytest.raises(ValueError, match='no runner'):
        current_epoch(5)


def test_a_training_too_short_for_the_ramp(hub):
    # What mmengine says of a training by iterations, too.
    hub.update_info('epoch', 0)
    hub.update_info('max_epochs', 1)
    with pytest.raises(ValueError, match='ramp_epochs'):
        current_epoch(5)
