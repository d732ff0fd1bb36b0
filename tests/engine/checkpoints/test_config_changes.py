"""What a changed config does to a training that is resumed."""

import pytest
from mmengine.config import Config

from uar_mmpretrain.engine.checkpoints import changes_since, describe
from uar_mmpretrain.engine.checkpoints.config_changes import config_changes

BEFORE = dict(
    model=dict(backbone=dict(depth=18, init_cfg=dict(checkpoint='a.pth'))),
    optim_wrapper=dict(optimizer=dict(lr=.1)),
    param_scheduler=[dict(type='MultiStepLR', milestones=[8, 12])],
    train_cfg=dict(max_epochs=16, val_interval=2),
    train_dataloader=dict(batch_size=32, num_workers=4, pin_memory=True),
    val_dataloader=dict(batch_size=64),
    randomness=dict(seed=0, deterministic=False),
    custom_hooks=[dict(type='ChannelsLastHook'), dict(type='EMAHook')],
    work_dir='a', resume=False)


def changed(**changes):
    cfg = Config(BEFORE)
    cfg.merge_from_dict(
        {key.replace('__', '.'): value for key, value in changes.items()})
    return cfg.to_dict()


@pytest.mark.parametrize('changes, group, line', [
    # In the state of the optimizer and of the schedule.
    (dict(optim_wrapper__optimizer__lr=.2), 'ignored',
     'optim_wrapper.optimizer.lr: 0.1 -> 0.2'),
    (dict(param_scheduler=[dict(type='MultiStepLR', milestones=[8, 14])]),
     'ignored', 'param_scheduler.0.milestones.1: 12 -> 14'),
    (dict(randomness__seed=1), 'ignored', 'randomness.seed: 0 -> 1'),
    (dict(model__backbone__init_cfg__checkpoint='b.pth'), 'ignored',
     "model.backbone.init_cfg.checkpoint: 'a.pth' -> 'b.pth'"),
    (dict(model__backbone__depth=34), 'weights',
     'model.backbone.depth: 18 -> 34'),
    (dict(optim_wrapper__clip_grad=dict(max_norm=1.)), 'weights',
     'optim_wrapper.clip_grad.max_norm: nothing -> 1.0'),
    (dict(train_cfg__max_epochs=20), 'weights',
     'train_cfg.max_epochs: 16 -> 20'),
    (dict(train_dataloader__num_workers=2), 'other',
     'train_dataloader.num_workers: 4 -> 2'),
    (dict(train_dataloader__pin_memory=False), 'other',
     'train_dataloader.pin_memory: True -> False'),
    (dict(train_cfg__val_interval=1), 'other',
     'train_cfg.val_interval: 2 -> 1'),
    (dict(val_dataloader__batch_size=8), 'other',
     'val_dataloader.batch_size: 64 -> 8'),
    # One more hook moves the others in the list, and changes none of them.
    (dict(custom_hooks=[
        dict(type='FuseConvBNHook'), dict(type='ChannelsLastHook'),
        dict(type='EMAHook')]), 'other',
     "custom_hooks.FuseConvBNHook.0.type: nothing -> 'FuseConvBNHook'"),
    (dict(custom_hooks=[
        dict(type='ChannelsLastHook'), dict(type='EMAHook', momentum=.1)]),
     'weights', 'custom_hooks.EMAHook.0.momentum: nothing -> 0.1'),
    (dict(custom_hooks=[dict(type='ChannelsLastHook')]), 'weights',
     "custom_hooks.EMAHook.0.type: 'EMAHook' -> nothing"),
    (dict(log_level='ERROR'), 'other', "log_level: nothing -> 'ERROR'"),
])
def test_what_takes_effect(changes, group, line):
    found = config_changes(BEFORE, changed(**changes))
    assert line in found[group]
    assert not any(lines for other, lines in found.items() if other != group)


def test_where_a_training_lies_is_no_change():
    now = changed(work_dir='b', resume=True, load_from='b/epoch_1.pth')
    assert describe(config_changes(BEFORE, now)) == ''


def test_a_name_that_only_begins_alike_is_another_name():
    found = config_changes({}, dict(model_wrapper_cfg=dict(type='DDP')))
    assert found['other'] == ["model_wrapper_cfg.type: nothing -> 'DDP'"]


def test_in_words():
    text = describe(config_changes(BEFORE, changed(
        optim_wrapper__optimizer__lr=.2, train_cfg__max_epochs=20)))
    assert text.splitlines()[:2] == [
        '  has no effect, the checkpoint keeps its own:',
        '    optim_wrapper.optimizer.lr: 0.1 -> 0.2']
    assert text.splitlines()[2].startswith('  takes effect from here on: ')
    assert text.splitlines()[3:] == ['    train_cfg.max_epochs: 16 -> 20']


def test_the_config_of_a_checkpoint_is_read_and_not_run(tmp_path):
    before, now = Config(BEFORE), Config(changed(train_cfg__max_epochs=20))
    stored = dict(meta=dict(cfg=before.pretty_text))
    assert changes_since(stored, now)['weights'] == [
        'train_cfg.max_epochs: 16 -> 20']
    ran = tmp_path / 'ran'
    for checkpoint in ({}, dict(meta=dict(
            cfg=f'open({str(ran)!r}, "w")\ntrain_cfg = dict(max_epochs=2)'))):
        assert not any(changes_since(checkpoint, now).values())
    assert not ran.exists()
