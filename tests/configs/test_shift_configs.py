"""The same ensemble and the same clean images under three shifts."""

from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config
from mmpretrain.registry import MODELS, TRANSFORMS

from uar_mmpretrain.corruptions import corrupt
from uar_mmpretrain.engine.runners.ensemble_config import ensemble_config

FOLDER = Path(__file__).parents[2] / 'configs' / 'uar'
STRONG = FOLDER / 'shift' / 'resnet-48px_ens_ferplus_strong.py'
FILES = sorted({*STRONG.parent.glob('*.py')} - {STRONG})


def read(path):
    """A config's test transform, and all the rest of the config."""
    rest = Config.fromfile(path).to_dict()
    pipeline = rest['test_dataloader']['dataset']['dataset'].pop('pipeline')
    assert rest.pop('test_pipeline') == pipeline
    place, = (i for i, transform in enumerate(pipeline)
              if transform['type'] == 'Corrupt')
    return pipeline.pop(place), place, pipeline, rest


def test_there_are_two():
    assert [path.stem.split('_')[-1] for path in FILES] == ['auto', 'mild']


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.stem)
def test_only_the_corruption_differs(path):
    corruption, *rest = read(path)
    strong, *same = read(STRONG)
    assert rest == same
    assert corruption != strong


def test_strong_is_the_ensembles_own_test_with_more_channels():
    cfg, own = (Config.fromfile(path) for path in (
        STRONG, FOLDER / 'resnet-48px_ens_ferplus.py'))
    pipeline = cfg.test_dataloader.dataset.dataset.pipeline
    assert pipeline == own.test_dataloader.dataset.dataset.pipeline
    assert cfg.test_dataloader.dataset.pop('severities') == [5]
    for key in ('model', 'train_dataloader', 'val_dataloader',
                'test_dataloader', 'data_preprocessor'):
        assert cfg[key] == own[key], key
    assert cfg.ensemble.channels[:3] == own.ensemble.channels
    # Their layers exist, and their names differ: the model checks it.
    model = MODELS.build(ensemble_config(cfg, 2, Path('e.pth'), 'test').model)
    assert len(model.channels.channels) == 18
    assert {one['type'] for one in cfg.ensemble.channels} == {
        'LogitVariance', 'EpistemicGivenAleatoric', 'FeatureDensity',
        'RelativeMahalanobis', 'NearestNeighbours', 'FisherCombination'}


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.stem)
def test_milder_than_the_constants_for_224_pixels(path):
    image = np.random.default_rng(0).integers(60, 190, (48, 48, 3), np.uint8)

    def distance(transform, name):
        built = TRANSFORMS.build(transform)
        found = built(dict(img=image, image_id='a', corruption=name,
                           severity=5 if name != 'clean' else 0))['img']
        assert found.shape == image.shape
        return np.abs(found.astype(float) - image).mean()

    corruption, *_ = read(path)
    assert distance(corruption, 'clean') == 0
    for name in ('gaussian_noise', 'glass_blur', 'pixelate'):
        strong = np.abs(corrupt(image, name, 5, image_id='a').astype(float) -
                        image).mean()
        assert 0 < distance(corruption, name) < strong, name
