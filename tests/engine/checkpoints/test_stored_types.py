"""A config that came with a checkpoint builds registered classes only."""

import pytest
import torch
from mmengine.config import Config

from uar_mmpretrain.engine.checkpoints import find_config
from uar_mmpretrain.engine.checkpoints.stored_types import check_types


def small(**head):
    return dict(
        type='ImageClassifier',
        backbone=dict(type='ResNet_CIFAR', depth=18, num_stages=4,
                      out_indices=(3, ), init_cfg=dict(type='Kaiming')),
        neck=dict(type='mmpretrain.GlobalAveragePooling'),
        head=dict(type='EnsembleClsHead', num_classes=8, in_channels=32,
                  **head))


def test_registered_classes_by_any_name():
    config = Config(dict(
        model=small(loss=dict(
            type='mmpretrain.models.losses.cross_entropy_loss.'
            'CrossEntropyLoss')),
        # Not built for inference: may name what it likes.
        optim_wrapper=dict(optimizer=dict(type='torch.optim.AdamW')),
        test_dataloader=dict(dataset=dict(
            type='FERPlus', pipeline=[dict(type='LoadFaceImage'),
                                      dict(type='PackInputs')]))))
    check_types(config, 'a config')


@pytest.mark.parametrize('hostile', [
    dict(type='os.system', command='touch ran'),
    dict(type='subprocess.Popen', args=['touch', 'ran']),
    dict(type='builtins.exec'),
    dict(type='torch.load', f='x'),
    dict(type='mmengine.fileio.load', file='x.pkl'),
    dict(type='mmpretrain.apis.get_model', model='x'),
    dict(type='antigravity'),
    dict(type='evil.ResNet'),
    dict(type='HuggingFaceClassifier', model_name='x'),
    dict(type='TIMMBackbone', model_name='x'),
    dict(type='ReLU', _scope_='evil'),
    dict(type=['ReLU']),
])
@pytest.mark.parametrize('place', ['model', 'deep', 'pipeline'])
def test_anything_else_is_refused_and_not_run(hostile, place, tmp_path,
                                              monkeypatch):
    monkeypatch.chdir(tmp_path)
    parts = dict(model=small())
    if place == 'model':
        parts['model'] = hostile
    elif place == 'deep':
        parts['model'] = small(loss=[dict(a=(hostile, ))])
    else:
        parts['infer_pipeline'] = [hostile]
    text = Config(parts).pretty_text
    with pytest.raises(ValueError, match='is not built, because its (model|'
                       'infer_pipeline) asks for .*(give the config|Give)'):
        find_config(tmp_path / 'a.pth', dict(cfg=text))
    assert not (tmp_path / 'ran').exists()


def test_config_files_named_by_a_checkpoint_are_not_run(tmp_path):
    evil = tmp_path / 'evil.py'
    evil.write_text(f'open({str(tmp_path / "ran")!r}, "w")')
    text = Config(dict(model=small(), ensemble=dict(
        num_members=1, configs=[str(evil)]))).pretty_text
    with pytest.raises(ValueError, match='names further config files'):
        find_config(tmp_path / 'sub' / 'a.pth', dict(cfg=text))
    assert not (tmp_path / 'ran').exists()


@pytest.mark.parametrize('text', [
    'a = ' + '(' * 5000, 'a = ' + '-' * 20_000 + '1', 'a = {[]: 1}',
    'a = 9' + '9' * 5000, 'filename = 1', 'a = "\\x00\x00"', 'a = b'])
def test_text_that_stops_the_parser(text, tmp_path):
    with pytest.raises(ValueError, match='is not read, because it is more'):
        find_config(tmp_path / 'a.pth', dict(cfg=text))


def test_the_inferencer_builds_nothing_hostile(tmp_path):
    from uar_mmpretrain.apis import RoutingInferencer
    marker = tmp_path / 'ran'
    text = Config(dict(model=dict(type='ImageClassifier', backbone=dict(
        type='os.system', command=f'touch {marker}')))).pretty_text
    path = tmp_path / 'a.pth'
    torch.save(dict(meta=dict(cfg=text), state_dict={}), path)
    with pytest.raises(ValueError, match="asks for 'os.system'"):
        RoutingInferencer(path)
    assert not marker.exists()
