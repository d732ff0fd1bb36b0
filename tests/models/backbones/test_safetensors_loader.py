import sys

import pytest
import torch
from mmengine.runner import CheckpointLoader

from uar_mmpretrain.models.backbones import load_from_safetensors


def load(name):
    return CheckpointLoader.load_checkpoint(name, map_location='cpu')


def test_mmengine_loads_safetensors_files(tmp_path):
    safetensors = pytest.importorskip('safetensors.torch')
    file = tmp_path / 'model.safetensors'
    safetensors.save_file({'cls_token': torch.arange(3.)}, file)
    assert torch.equal(load(str(file))['cls_token'], torch.arange(3.))


def test_missing_package_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, 'safetensors.torch', None)
    with pytest.raises(ImportError, match='x.safetensors: install the pack'):
        load('x.safetensors')


def test_other_files_go_where_they_went(tmp_path):
    file = tmp_path / 'model.pth'
    torch.save({'cls_token': torch.arange(3.)}, file)
    assert torch.equal(load(str(file))['cls_token'], torch.arange(3.))
    assert CheckpointLoader._get_checkpoint_loader(
        str(file)) is not load_from_safetensors
