"""What mmengine saves is there whole or not at all."""

import errno

import pytest
import torch
from mmengine.fileio import put
from mmengine.runner import save_checkpoint

from uar_mmpretrain.engine.checkpoints import read_checkpoint
from uar_mmpretrain.files import atomic_write

ATOMIC = dict(backend='atomic')


def test_a_checkpoint(tmp_path):
    path = tmp_path / 'deep' / 'a.pth'
    weights = dict(w=torch.ones(2))
    save_checkpoint(dict(state_dict=weights), str(path),
                    backend_args=ATOMIC)
    assert read_checkpoint(path)['state_dict']['w'].tolist() == [1., 1.]
    assert [file.name for file in path.parent.iterdir()] == ['a.pth']


def test_a_full_disk_keeps_the_one_from_before(tmp_path, monkeypatch):
    path = tmp_path / 'a.pth'
    put(b'old', str(path), backend_args=ATOMIC)

    def full(path):
        raise OSError(errno.ENOSPC, 'No space left on device')

    monkeypatch.setattr(atomic_write, '_sync', full)
    with pytest.raises(OSError, match='a.pth: .* full; 9 bytes needed'):
        put(b'x' * 9, str(path), backend_args=ATOMIC)
    assert path.read_bytes() == b'old'
    assert [file.name for file in tmp_path.iterdir()] == ['a.pth']
