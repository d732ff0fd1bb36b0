"""A tiny ensemble on drawn faces, trained in seconds."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TINY = '''
_base_ = ['{root}/configs/_base_/datasets/synthetic_48px.py',
          '{root}/configs/_base_/default_runtime.py']
runner_type = 'EnsembleRunner'
ensemble = dict(num_members=2)
default_hooks = dict(logger=dict(interval=1))
data_preprocessor = dict(num_classes=8, mean=[128.] * 3, std=[60.] * 3)
model = dict(
    type='ImageClassifier',
    backbone=dict(type='ResNet_CIFAR', depth=18, num_stages=4,
                  out_indices=(3, ), stem_channels=4, base_channels=4,
                  strides=(2, 2, 2, 1)),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='EnsembleClsHead', num_classes=8, in_channels=32))
train_dataloader = dict(batch_size=16, num_workers=1,
                        dataset=dict(num_images=48, image_size=24))
val_dataloader = dict(batch_size=64, num_workers=0, persistent_workers=False,
                      dataset=dict(num_images=120, image_size=24))
test_dataloader = dict(
    batch_size=64, num_workers=0, persistent_workers=False,
    dataset=dict(corruptions=['gaussian_noise', 'contrast'],
                 severities=[1, 5],
                 dataset=dict(num_images=40, image_size=24)))
val_evaluator = [dict(type='DecompositionMetric', num_resamples=20)]
test_evaluator = [
    dict(type='DecompositionMetric', num_resamples=20),
    dict(type='RoutingMetric', num_resamples=20),
]
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.05, momentum=0.9))
param_scheduler = dict(type='CosineAnnealingLR', T_max=3, by_epoch=True)
train_cfg = dict(by_epoch=True, max_epochs=3, val_interval=3)
val_cfg = dict()
test_cfg = dict()
'''


def write_tiny_config(folder):
    """Write the tiny ensemble's config and return its path."""
    path = folder / 'tiny_ens_synthetic.py'
    path.write_text(TINY.format(root=ROOT))
    return path


@pytest.fixture(scope='session')
def tiny_config_file(tmp_path_factory):
    """Path of the tiny ensemble's config."""
    return write_tiny_config(tmp_path_factory.mktemp('config'))


@pytest.fixture
def tiny_config(tiny_config_file, tmp_path):
    """The tiny ensemble's config, with a work_dir of its own."""
    from mmengine.config import Config
    cfg = Config.fromfile(tiny_config_file)
    cfg.work_dir = str(tmp_path / 'work')
    return cfg
