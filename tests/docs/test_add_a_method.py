"""The worked example of the documentation does what the page says."""

import re
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpretrain.registry import MODELS

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r'^```python\n(.*?)^```$',
                    (ROOT / 'docs/add_a_method.md').read_text(), re.M | re.S)


@pytest.fixture
def model():
    method, text = BLOCKS
    exec(method, {'__name__': 'my_method'})
    base, changes = text.split('\n', 1)
    cfg = Config.fromfile(ROOT / re.search("'(.*)'", base)[1],
                          import_custom_modules=False)
    cfg.merge_from_dict(
        Config.fromstring(changes.replace(", 'my_method'", ''), '.py'))
    try:
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            yield MODELS.build(cfg.model).eval()
    finally:
        MODELS.module_dict.pop('MirrorClassifier')


def test_worked_example(model):
    faces = torch.randn(3, 3, 48, 48, generator=torch.manual_seed(0))
    with torch.no_grad():
        samples = model(faces, mode='predict')
        mirrored = model(faces.flip(-1), mode='predict')
    for sample, other in zip(samples, mirrored):
        assert sample.member_scores.shape == (2, 8)
        torch.testing.assert_close(sample.member_scores.sum(-1),
                                   torch.ones(2))
        assert sample.epistemic > 0
        # Mirrored, the members change places and nothing else does.
        torch.testing.assert_close(sample.member_scores.flip(0),
                                   other.member_scores)
        assert sample.epistemic == pytest.approx(other.epistemic, abs=1e-6)
