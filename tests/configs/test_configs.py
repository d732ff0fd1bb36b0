"""Every config parses, and what it describes can be built."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import RUNNERS
from mmpretrain.registry import DATASETS, HOOKS, METRICS, MODELS, TRANSFORMS

from uar_mmpretrain.engine import EnsembleRunner

CONFIGS = Path(__file__).parents[2] / 'configs'
ALL = sorted(CONFIGS.rglob('*.py'))
WHOLE = sorted((CONFIGS / 'uar').glob('*.py'))
LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')


def name(path):
    return path.relative_to(CONFIGS).as_posix()


@pytest.fixture(params=WHOLE, ids=name)
def cfg(request):
    return Config.fromfile(request.param)


@pytest.fixture
def model(cfg, build_network):
    return build_network(cfg.model)


def inner(dataset):
    """The data set that names the images, and its pipeline."""
    while 'dataset' in dataset:
        dataset = dataset.dataset
    return dataset


def test_there_are_configs():
    assert {'_base_/default_runtime.py', 'uar/dinov2_ens_rafdb.py',
            'uar/dinov2-tiny_ens_synthetic.py',
            'uar/resnet-48px_ens_ferplus.py'} <= {name(path) for path in ALL}


@pytest.mark.parametrize('path', ALL, ids=name)
def test_every_config_parses(path):
    assert len(Config.fromfile(path)) > 0


def test_the_runner_is_found_where_mmpretrains_tools_look(cfg):
    assert 'uar_mmpretrain' in cfg.custom_imports.imports
    assert RUNNERS.get(cfg.runner_type) is EnsembleRunner
    runner = RUNNERS.build(cfg)
    assert runner.num_members == cfg.ensemble.num_members >= 2
    assert len(set(runner.seeds)) == runner.num_members


def test_the_model_gives_logits_for_the_configs_images(cfg, model):
    side = cfg.model.backbone.get('img_size', 48)
    images = torch.zeros(2, 3, side, side,
                         device=next(model.parameters()).device)
    with torch.no_grad():
        logits = model(images, mode='tensor')
    head = cfg.model.head
    assert logits.shape == (2, head.num_members, head.num_classes)


def test_the_heads_classes_are_the_data_sets(cfg):
    for loader in LOADERS:
        dataset = inner(cfg[loader].dataset)
        classes = DATASETS.build(
            dict(dataset, lazy_init=True, pipeline=[])).metainfo['classes']
        assert len(classes) == cfg.model.head.num_classes
        assert len(classes) == cfg.data_preprocessor.num_classes


def test_splits_are_different_and_evaluated_in_order(cfg):
    splits = [inner(cfg[loader].dataset).split for loader in LOADERS]
    assert splits == ['train', 'val', 'test']
    assert [cfg[loader].sampler.shuffle for loader in LOADERS] == [
        True, False, False]


@pytest.mark.parametrize('loader', LOADERS)
def test_pipelines_build(cfg, loader):
    pipeline = inner(cfg[loader].dataset).pipeline
    for transform in pipeline:
        assert callable(TRANSFORMS.build(transform))
    kinds = [transform['type'] for transform in pipeline]
    assert kinds[-1] == 'PackFERInputs'
    assert ('Corrupt' in kinds) is (loader == 'test_dataloader')


def test_the_rest_of_the_config_builds(cfg):
    MODELS.build(dict(cfg.data_preprocessor, type='ClsDataPreprocessor'))
    for evaluator in (*cfg.val_evaluator, *cfg.test_evaluator):
        METRICS.build(evaluator)
    for hook in cfg.custom_hooks:
        HOOKS.build(hook)


def test_a_logged_time_is_that_of_all_iterations_since_the_last(cfg):
    """What tools/compare.py adds up."""
    interval = cfg.default_hooks.logger.interval
    assert cfg.log_processor.window_size == interval


def test_the_schedule_ends_with_the_training(cfg):
    ends = [part.get('end', cfg.train_cfg.max_epochs)
            for part in cfg.param_scheduler]
    assert max(ends) == cfg.train_cfg.max_epochs
    cosine = cfg.param_scheduler[-1]
    assert cosine.type == 'CosineAnnealingLR'
    assert cosine.T_max == cosine.end - cosine.begin
    assert cosine.begin == cfg.param_scheduler[0].end
