import dataclasses

import numpy as np
import pytest

from uar_mmpretrain.datasets.synthetic.palette import hsv, make_palette
from uar_mmpretrain.datasets.synthetic.parameters import FaceParameters


@pytest.mark.parametrize('tone', [0., .33, 1.])
def test_features_stand_out_from_the_skin(tone):
    for hair in (0., .5, 1.):
        palette = make_palette(
            FaceParameters(skin_tone=tone, hair_tone=hair))
        assert palette.brow.mean() < .5 * palette.skin.mean()
        assert np.abs(palette.lip - palette.skin).max() > 15


def test_colours_are_valid():
    for value in (0., 1.):
        fields = dict.fromkeys(
            ('skin_tone', 'hair_tone', 'lip_redness', 'eye_tone',
             'cloth_hue', 'cloth_value'), value)
        palette = make_palette(
            FaceParameters(skin_redness=2 * value - 1, **fields))
        for colour in dataclasses.astuple(palette):
            assert (colour >= 0).all() and (colour <= 255).all()


def test_skin_darkens_with_its_tone():
    tones = [make_palette(FaceParameters(skin_tone=t)).skin.mean()
             for t in np.linspace(0, 1, 9)]
    assert (np.diff(tones) < 0).all()


def test_hsv_is_bgr():
    np.testing.assert_allclose(hsv(0., 1., 1.), (0, 0, 255))
    np.testing.assert_allclose(hsv(2 / 3, 1., 2.), (255, 0, 0), atol=1e-9)
