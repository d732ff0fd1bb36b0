"""What the tests of every folder of configs do."""

from pathlib import Path

import pytest
import torch
import yaml
from mmpretrain.registry import MODELS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='session')
def build_network():
    """Build a config's model with random weights, nothing downloaded."""

    def build(model):
        for part in (model, model.get('pin') or {}):
            part.get('backbone', {}).pop('init_cfg', None)
        # No storage for a transformer; mmpretrain's ResNet needs some.
        device = 'cpu' if 'ResNet' in model.backbone.type else 'meta'
        with torch.device(device):
            return MODELS.build(model).eval()

    return build


@pytest.fixture(scope='session')
def described():
    """Compare what README and metafile.yml say; return the metadata."""

    def check(path, cfg):
        assert f'({path.name})' in (path.parent / 'README.md').read_text()
        metafile = yaml.safe_load((path.parent / 'metafile.yml').read_text())
        entry, = (entry for entry in metafile['Models']
                  if entry['Name'] == path.stem)
        assert entry['Config'] == path.relative_to(ROOT).as_posix()
        told = entry['Metadata']
        assert told['Epochs'] == cfg.train_cfg.max_epochs
        assert told['Batch Size'] == cfg.train_dataloader.batch_size
        return told

    return check
