"""What is downloaded is read like a local file. Nothing is downloaded here."""

import os
from pathlib import Path

import pytest
import torch
from mmengine.runner import CheckpointLoader

import uar_mmpretrain  # noqa: F401

WEIGHTS = {'cls_token': torch.arange(3.)}


class Bomb:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f'touch {self.marker}', )


@pytest.fixture
def internet(tmp_path, monkeypatch):
    """Serve every address by ``write(path)``; list what was fetched."""
    fetched = []

    def serve(write):
        def download(url, path, progress=True, **kwargs):
            fetched.append(url)
            write(path)

        monkeypatch.setattr(torch.hub, 'download_url_to_file', download)
        return fetched

    monkeypatch.setenv('TORCH_HOME', str(tmp_path / 'home'))
    monkeypatch.setattr(torch.hub, '_hub_dir', None)
    return serve


def load(url):
    return CheckpointLoader.load_checkpoint(url, 'cpu')


def test_fetched_once_and_kept_where_torch_keeps_it(internet, tmp_path):
    fetched = internet(lambda path: torch.save(WEIGHTS, path))
    url = 'https://example.org/dino/vits14.pth?download=1'
    for _ in range(2):
        assert torch.equal(load(url)['cls_token'], WEIGHTS['cls_token'])
    assert fetched == [url]
    assert (tmp_path / 'home/hub/checkpoints/vits14.pth').is_file()


@pytest.mark.parametrize('url', [
    'https://example.org/x.pth', 'http://example.org/x.pth',
    # mmengine asks torchvision for the address.
    'torchvision://resnet18'])
@pytest.mark.parametrize('zipped', [True, False])
def test_nothing_that_was_fetched_is_run(url, zipped, internet, tmp_path):
    marker = tmp_path / 'ran'
    fetched = internet(lambda path: torch.save(
        dict(WEIGHTS, hub=Bomb(marker)), path,
        _use_new_zipfile_serialization=zipped))
    with pytest.raises(ValueError, match='was refused'):
        load(url)
    assert len(fetched) == 1 and not marker.exists()


def test_safetensors_from_an_address(internet):
    safetensors = pytest.importorskip('safetensors.torch')
    internet(lambda path: safetensors.save_file(WEIGHTS, Path(path)))
    url = 'https://example.org/resolve/main/model.safetensors'
    assert torch.equal(load(url)['cls_token'], WEIGHTS['cls_token'])
