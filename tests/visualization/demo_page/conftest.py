"""An untrained ensemble behind the page, and a face."""

import cv2
import numpy as np
import pytest

pytest.importorskip('gradio')

from uar_mmpretrain.apis import RoutingInferencer  # noqa: E402
from uar_mmpretrain.routing import Router  # noqa: E402
from uar_mmpretrain.visualization.demo_page import Explorer  # noqa: E402


@pytest.fixture(scope='session')
def face_file(tmp_path_factory):
    """A picture of 64 x 64 pixels."""
    path = tmp_path_factory.mktemp('page') / 'face.png'
    small = np.random.default_rng(3).integers(0, 256, (5, 5, 3), np.uint8)
    cv2.imwrite(str(path), cv2.resize(small, (64, 64)))
    return path


@pytest.fixture(scope='session')
def explorer(untrained):
    """Explorer without a router."""
    return Explorer(RoutingInferencer(untrained / 'ensemble.pth',
                                      device='cpu'))


@pytest.fixture(scope='session')
def moving(explorer, face_file):
    """A corruption that makes the members disagree, and a router between."""
    for name in ('contrast', 'gaussian_noise', 'brightness', 'saturate'):
        clean, *_, last = explorer.explore(face_file, name, 5).decisions
        if last.epistemic > clean.epistemic:
            between = (clean.epistemic + last.epistemic) / 2
            return name, Router(between, clean.aleatoric / 2)
    raise AssertionError('no corruption moved the untrained ensemble')
