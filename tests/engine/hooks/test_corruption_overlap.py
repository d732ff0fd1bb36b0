from types import SimpleNamespace

import pytest
from mmengine.config import Config
from mmpretrain.registry import HOOKS


def warnings_for(train_pipeline, suite):
    cfg = Config(
        dict(
            train_dataloader=dict(
                dataset=dict(
                    type='RepeatDataset',
                    dataset=dict(type='FERPlus', pipeline=train_pipeline))),
            test_dataloader=dict(dataset=suite)))
    found = []
    runner = SimpleNamespace(
        cfg=cfg, logger=SimpleNamespace(warning=found.append))
    hook = HOOKS.build(dict(type='CorruptionOverlapHook'))
    hook.before_train(runner)
    hook.before_test(runner)
    assert len(found) in (0, 2)
    return found


FOG = [dict(type='LoadFaceImage'),
       dict(type='RandomCorrupt', corruptions=['fog', 'contrast'])]


@pytest.mark.parametrize('suite, named', [
    (dict(type='CorruptionSuite', corruptions='standard'), 'fog, contrast'),
    (dict(type='mmpretrain.CorruptionSuite'), 'fog, contrast'),
    (dict(type='CorruptionSuite', corruptions=['contrast', 'snow']),
     'contrast'),
])
def test_overlap_is_named(suite, named):
    message = warnings_for(FOG, suite)[0]
    assert f'same corruptions: {named}. ' in message


@pytest.mark.parametrize('pipeline, suite', [
    (FOG, dict(type='CorruptionSuite', corruptions='extra')),
    # 'extra' is what RandomCorrupt takes if nothing is said.
    ([dict(type='RandomCorrupt')],
     dict(type='CorruptionSuite', corruptions='standard')),
    ([dict(type='LoadFaceImage')], dict(type='CorruptionSuite')),
    (FOG, dict(type='FERPlus')),
])
def test_silent_without_overlap(pipeline, suite):
    assert not warnings_for(pipeline, suite)


def test_extra_overlaps_with_all():
    assert 'spatter' in warnings_for([dict(type='RandomCorrupt')],
                                     dict(type='CorruptionSuite'))[0]


def test_a_runner_without_training_or_test():
    runner = SimpleNamespace(cfg=Config(dict()), logger=None)
    HOOKS.build(dict(type='CorruptionOverlapHook')).before_train(runner)
