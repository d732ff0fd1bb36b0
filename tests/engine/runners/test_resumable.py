"""What a training needs to survive being stopped, and what stays."""

import copy
import json
from pathlib import Path

from uar_mmpretrain.engine.checkpoints import read_checkpoint
from uar_mmpretrain.engine.runners.member_config import (
    fingerprint,
    member_config,
)
from uar_mmpretrain.engine.runners.resumable import resumable, train_one


def test_it_gets_what_it_needs(tiny_config):
    before = copy.deepcopy(tiny_config)
    cfg = resumable(tiny_config)
    assert cfg.default_hooks.checkpoint.backend_args == dict(backend='atomic')
    assert cfg.train_cfg == dict(type='mmpretrain.ResumableEpochLoop',
                                 max_epochs=3, val_interval=3)
    assert [hook['type'] for hook in cfg.custom_hooks[-2:]] == [
        'mmpretrain.PreemptionHook', 'mmpretrain.ConfigChangesHook']
    assert tiny_config.to_dict() == before.to_dict()


def test_a_config_without_hooks(tiny_config):
    for key in ('default_hooks', 'custom_hooks'):
        tiny_config.pop(key)
    cfg = resumable(tiny_config)
    assert cfg.default_hooks.checkpoint == dict(
        type='CheckpointHook', backend_args=dict(backend='atomic'))
    assert len(cfg.custom_hooks) == 2


def test_what_has_its_own_way_keeps_it(tiny_config):
    for own in (dict(backend_args=dict(backend='petrel')),
                dict(out_dir='elsewhere')):
        tiny_config.default_hooks.checkpoint = dict(
            type='CheckpointHook', **own)
        assert resumable(tiny_config).default_hooks == (
            tiny_config.default_hooks)
    for train_cfg in (dict(type='OwnLoop', max_epochs=3),
                      dict(by_epoch=False, max_iters=3)):
        tiny_config.pop('train_cfg')
        tiny_config.train_cfg = train_cfg
        assert resumable(tiny_config).train_cfg == train_cfg


def test_it_does_not_change_the_weights(tiny_config):
    # Hooks that would, change the mark; so finished members stay valid.
    member = member_config(tiny_config, 0, 0)
    hooked = copy.deepcopy(member)
    hooked.custom_hooks = resumable(member).custom_hooks
    assert fingerprint(hooked) == fingerprint(member)


def test_a_single_model_goes_on_from_what_can_be_read(tiny_config):
    for key in ('runner_type', 'ensemble', 'val_cfg', 'val_dataloader',
                'val_evaluator'):
        tiny_config.pop(key)
    tiny_config.train_dataloader.update(
        num_workers=0, persistent_workers=False)
    folder = Path(train_one(tiny_config).work_dir)
    newest = folder / 'epoch_3.pth'
    weights = read_checkpoint(newest)['state_dict']
    newest.write_bytes(newest.read_bytes()[:1000])
    (folder / 'last_checkpoint').write_text('')
    tiny_config.resume = True
    train_one(tiny_config)
    assert read_checkpoint(newest)['state_dict'].keys() == weights.keys()
    epochs = [json.loads(line).get('epoch') for path in folder.glob(
        '*/vis_data/scalars.json') for line in path.read_text().splitlines()]
    assert sorted(epochs) == sorted([1] * 3 + [2] * 3 + [3] * 6)
