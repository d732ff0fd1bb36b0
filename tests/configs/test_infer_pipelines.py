"""Pictures of any size reach the network as the test's images do."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from mmengine.config import Config

from uar_mmpretrain.apis.pipeline import build_pipeline

ROOT = Path(__file__).parent.parent.parent
CONFIGS = sorted((ROOT / 'configs').glob('*/*_ens_*.py'))
SIDES = {'48px': 48, 'tiny': 48}


@pytest.fixture(params=CONFIGS, ids=lambda path: path.stem)
def config_file(request):
    return request.param


def pixels(prepare, image):
    return prepare(image)['inputs'].permute(1, 2, 0).numpy()


def test_grey_images_of_the_data_set_pass_unchanged(config_file):
    prepare = build_pipeline(Config.fromfile(config_file))
    side = next((size for name, size in SIDES.items()
                 if name in config_file.stem), 224)
    grey = np.random.default_rng(0).integers(0, 256, (side, side, 1), np.uint8)
    image = grey.repeat(3, 2)
    np.testing.assert_array_equal(pixels(prepare, image), image)


def test_colour_stays_unless_the_training_set_has_none(config_file):
    prepare = build_pipeline(Config.fromfile(config_file))
    red = np.full((300, 300, 3), (0, 0, 255), np.uint8)
    expected = (0, 0, 255)
    if 'ferplus' in config_file.stem:
        expected = (cv2.cvtColor(red, cv2.COLOR_BGR2GRAY)[0, 0], ) * 3
    assert (pixels(prepare, red) == expected).all()
