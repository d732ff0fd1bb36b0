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
def config():
    """Model config of the page, its class registered for the time."""
    method, text = BLOCKS
    exec(method, {'__name__': 'my_method'})
    base, changes = text.split('\n', 1)
    cfg = Config.fromfile(ROOT / re.search("'(.*)'", base)[1],
                          import_custom_modules=False)
    cfg.merge_from_dict(
        Config.fromstring(changes.replace(", 'my_method'", ''), '.py'))
    try:
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            yield cfg.model.to_dict()
    finally:
        MODELS.module_dict.pop('MirrorClassifier')


FACES = torch.randn(3, 3, 48, 48, generator=torch.Generator().manual_seed(0))


def test_worked_example(config):
    model = MODELS.build(config).eval()
    with torch.no_grad():
        samples = model(FACES, mode='predict')
        mirrored = model(FACES.flip(-1), mode='predict')
    for sample, other in zip(samples, mirrored):
        assert sample.member_scores.shape == (2, 8)
        torch.testing.assert_close(sample.member_scores.sum(-1),
                                   torch.ones(2))
        assert sample.epistemic > 0
        # Mirrored, the members change places and nothing else does.
        torch.testing.assert_close(sample.member_scores.flip(0),
                                   other.member_scores)
        assert sample.epistemic == pytest.approx(other.epistemic, abs=1e-6)


def test_an_ensemble_of_it(config):
    """Every network looks twice there, too."""
    model = MODELS.build(dict(
        type='EnsembleClassifier',
        members=[{**config, 'data_preprocessor': None}] * 2)).eval()
    with torch.no_grad():
        scores = model(FACES, mode='tensor').softmax(-1)
        expected = [member(FACES, mode='tensor').softmax(-1)
                    for member in model.members]
    assert scores.shape == (3, 4, 8)
    torch.testing.assert_close(scores, torch.cat(expected, 1))
    # Two looks of one network differ.
    assert (scores[:, 0] - scores[:, 1]).abs().max() > 1e-6
