"""The POI-style configs: what they share with the others, and describe."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import HOOKS, TRANSFORMS

from uar_mmpretrain.models import POIClassifier

CONFIGS = Path(__file__).parents[2] / 'configs'
FILES = sorted(path for path in (CONFIGS / 'poi').glob('*.py')
               if 'noise' not in path.stem)
# What each is compared with.
PLAIN = {'ferplus': 'ldl/resnet-48px_ldl_ferplus.py',
         'rafdb': '_base_/dinov2-small_rafdb.py',
         'synthetic': 'ldl/dinov2-tiny_ldl_synthetic.py'}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cfg(path):
    return Config.fromfile(path)


@pytest.fixture
def plain(path):
    return Config.fromfile(CONFIGS / PLAIN[path.stem.split('_')[-1]])


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
             if key not in ('pin', 'confidence', 'ramp_end')}
    assert dict(model, type='ImageClassifier') == plain.model
    for hook in cfg.custom_hooks:
        HOOKS.build(hook)


def test_it_trains_and_predicts(cfg, build_network):
    model = build_network(cfg.model)
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


def test_a_plain_network_takes_its_weights(cfg, plain, build_network):
    own = build_network(cfg.model).state_dict()
    for name, weight in build_network(plain.model).state_dict().items():
        assert own[name].shape == weight.shape


def test_the_config_is_described(path, cfg, build_network, described):
    found = described(path, cfg)
    model = build_network(cfg.model)
    model.pin = model.confidence = None
    assert found['Parameters'] == sum(p.numel() for p in model.parameters())


def test_wrong_labels_are_all_that_the_noise_config_adds(path, described):
    beside = path.with_name(path.name.replace('_poi_', '_poi_noise20_'))
    noisy, clean = Config.fromfile(beside), Config.fromfile(path)
    assert described(beside, noisy)['Parameters'] == described(
        path, clean)['Parameters']
    wrapped = noisy.train_dataloader.dataset
    assert wrapped.type == 'NoisyLabels'
    assert wrapped.fraction == 0.2
    noisy.train_dataloader.dataset = wrapped.dataset
    assert noisy.to_dict() == clean.to_dict()
