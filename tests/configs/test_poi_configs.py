"""The POI-style configs: what they share with the others, and describe."""

from pathlib import Path

import pytest
import torch
import yaml
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpretrain.registry import HOOKS, MODELS, TRANSFORMS

from uar_mmpretrain.models import POIClassifier

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / 'configs' / 'poi').glob('*.py'))
# What each is compared with.
PLAIN = {'ferplus': 'ldl/resnet-48px_ldl_ferplus.py',
         'rafdb': '_base_/dinov2-small_rafdb.py',
         'synthetic': 'ldl/dinov2-tiny_ldl_synthetic.py'}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cfg(path):
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        yield Config.fromfile(path)


@pytest.fixture
def plain(path):
    name = PLAIN[path.stem.split('_')[-1]]
    return Config.fromfile(ROOT / 'configs' / name,
                           import_custom_modules=False)


def build(model):
    """The config's network with random weights, nothing downloaded."""
    for part in (model, model.get('pin', {})):
        part.get('backbone', {}).pop('init_cfg', None)
    # No storage for a transformer; mmpretrain's ResNet needs some.
    with torch.device('cpu' if 'ResNet' in model.backbone.type else 'meta'):
        return MODELS.build(model).eval()


def test_there_is_one_for_each_data_set():
    assert {path.stem.split('_')[-1] for path in FILES} == set(PLAIN)


def test_only_the_training_differs_from_a_plain_network(path, cfg, plain):
    train = cfg.train_dataloader.dataset.pipeline
    if 'rafdb' in path.stem:
        first = train.pop(0)
        assert first.type == 'LoadActionUnits'
        assert callable(TRANSFORMS.build(first))
    for key in ('train_dataloader', 'val_dataloader', 'test_dataloader',
                'optim_wrapper', 'param_scheduler', 'train_cfg',
                'test_evaluator', 'data_preprocessor', 'custom_hooks',
                'randomness'):
        assert cfg[key] == plain[key], key
    model = {key: value for key, value in cfg.model.items()
             if key not in ('pin', 'confidence')}
    assert dict(model, type='ImageClassifier') == plain.model
    for hook in cfg.custom_hooks:
        HOOKS.build(hook)


def test_it_trains_and_predicts(cfg):
    model = build(cfg.model)
    assert isinstance(model, POIClassifier)
    side = cfg.model.backbone.get('img_size', 48)
    device = next(model.parameters()).device
    images = torch.zeros(2, 3, side, side, device=device)
    classes = cfg.model.head.num_classes
    with torch.no_grad():
        assert model(images).shape == (2, 1, classes)
        assert model.pin(images).shape == (2, 4, classes)
        features = model.head.pre_logits(model.extract_feat(images))
        assert model.confidence(features).shape == (2, )


def test_a_plain_network_takes_its_weights(cfg, plain):
    own = build(cfg.model).state_dict()
    for name, weight in build(plain.model).state_dict().items():
        assert own[name].shape == weight.shape


def test_the_config_is_described(path, cfg):
    readme = (path.parent / 'README.md').read_text()
    assert f'({path.name})' in readme
    metafile = yaml.safe_load((path.parent / 'metafile.yml').read_text())
    entry, = (entry for entry in metafile['Models']
              if entry['Name'] == path.stem)
    assert entry['Config'] == path.relative_to(ROOT).as_posix()
    found = entry['Metadata']
    assert found['Epochs'] == cfg.train_cfg.max_epochs
    assert found['Batch Size'] == cfg.train_dataloader.batch_size
    model = build(cfg.model)
    model.pin = model.confidence = None
    assert found['Parameters'] == sum(p.numel() for p in model.parameters())
