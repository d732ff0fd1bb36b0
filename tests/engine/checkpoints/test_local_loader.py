"""What mmengine loads itself runs nothing either."""

import os
import pickle

import pytest
import torch
from mmengine.model import BaseModule
from mmengine.runner import CheckpointLoader, load_checkpoint

import uar_mmpretrain  # noqa: F401


class Bomb:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f'touch {self.marker}', )


class Small(BaseModule):
    """A module that fetches its own weights."""

    def __init__(self, checkpoint):
        super().__init__(dict(type='Pretrained', checkpoint=str(checkpoint)))
        self.layer = torch.nn.Linear(2, 1)


@pytest.fixture(params=['zip', 'legacy', 'pickle'])
def hostile(request, tmp_path):
    """A hostile file, and the one it would make."""
    path, marker = tmp_path / 'bomb.pth', tmp_path / 'ran'
    content = dict(state_dict={}, message_hub=Bomb(marker))
    if request.param == 'pickle':
        path.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, path,
                   _use_new_zipfile_serialization=request.param == 'zip')
    yield path
    assert not marker.exists()


@pytest.mark.parametrize('variable', [None, '1'])
def test_resume_and_load_from(hostile, variable, monkeypatch):
    if variable:
        # With it torch unpickles whatever it is given.
        monkeypatch.setenv('TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD', variable)
    with pytest.raises(ValueError, match='bomb.pth was refused: .*(system|'
                       'operand)'):
        CheckpointLoader.load_checkpoint(str(hostile), 'cpu')
    with pytest.raises(ValueError, match='bomb.pth was refused'):
        load_checkpoint(torch.nn.Linear(2, 1), str(hostile))


def test_init_cfg(hostile):
    with pytest.raises(ValueError, match='bomb.pth was refused'):
        Small(hostile).init_weights()


@pytest.mark.parametrize('zipped', [True, False])
def test_weights_of_any_format_still_load(zipped, tmp_path):
    weights = dict(Small('').state_dict())
    torch.save(dict(state_dict=weights), tmp_path / 'a.pth',
               _use_new_zipfile_serialization=zipped)
    model = Small(tmp_path / 'a.pth')
    model.init_weights()
    assert torch.equal(model.layer.weight, weights['layer.weight'])
    with pytest.raises(FileNotFoundError, match='none.pth'):
        CheckpointLoader.load_checkpoint(str(tmp_path / 'none.pth'))
