"""What makes a member another member."""

import copy

import pytest
from mmengine.hooks import Hook
from mmpretrain.registry import HOOKS

from uar_mmpretrain.engine.runners.member_config import (
    fingerprint,
    member_config,
)


@HOOKS.register_module(force=True)
class WatchingHook(Hook):
    affects_weights = False


@HOOKS.register_module(force=True)
class MeddlingHook(Hook):
    """Says nothing of itself, as the hooks of other packages."""


@pytest.fixture
def member(tiny_config):
    return member_config(tiny_config, 0, 0)


def with_hooks(cfg, *kinds):
    cfg = copy.deepcopy(cfg)
    cfg.custom_hooks += [dict(type=kind) for kind in kinds]
    return fingerprint(cfg)


@pytest.mark.parametrize('hook', [
    'WatchingHook', 'mmpretrain.WatchingHook', WatchingHook, 'ChannelsHook',
    'ChannelsLastHook', 'ClassCheckHook', 'CorruptionOverlapHook',
    'FuseConvBNHook', 'HeldOutCheckHook', 'ResultsHook'])
def test_hooks_that_leave_the_weights_alone(member, hook):
    assert with_hooks(member, hook) == fingerprint(member)


@pytest.mark.parametrize('hook', [
    'MeddlingHook', MeddlingHook, 'EpochTargetsHook', 'EMAHook',
    'NoSuchHook'])
def test_hooks_that_may_change_them(member, hook):
    assert with_hooks(member, hook) != fingerprint(member)


@pytest.mark.parametrize('change, same', [
    ({'train_dataloader.num_workers': 3}, True),
    ({'log_level': 'ERROR'}, True),
    ({'test_dataloader.batch_size': 1}, True),
    ({'train_dataloader.batch_size': 8}, False),
    ({'optim_wrapper.optimizer.lr': .1}, False),
    ({'train_cfg.max_epochs': 4}, False),
    ({'randomness.seed': 7}, False),
])
def test_settings(member, change, same):
    changed = copy.deepcopy(member)
    changed.merge_from_dict(change)
    assert (fingerprint(changed) == fingerprint(member)) is same
