"""Checkpoints are data: read safely, written whole."""

import os
import pickle

import pytest
import torch

from uar_mmpretrain.engine.checkpoints import (
    files,
    latest_checkpoint,
    read_checkpoint,
    write_checkpoint,
)


class Bomb:
    """Runs a command when unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f'touch {self.marker}', )


def member(value=0., classes=('a', 'b')):
    return dict(meta=dict(dataset_meta=dict(classes=classes), seed=3),
                state_dict=dict(w=torch.full((2, ), value)))


def test_round_trip_leaves_no_other_file(tmp_path):
    write_checkpoint(member(2.), tmp_path / 'deep' / 'a.pth')
    assert read_checkpoint(
        tmp_path / 'deep' / 'a.pth')['state_dict']['w'].tolist() == [2., 2.]
    assert [p.name for p in (tmp_path / 'deep').iterdir()] == ['a.pth']


def test_code_in_a_checkpoint_is_refused_and_not_run(tmp_path):
    path, marker = tmp_path / 'bomb.pth', tmp_path / 'ran'
    torch.save(dict(state_dict=Bomb(marker)), path)
    with pytest.raises(ValueError, match='bomb.pth was refused'):
        read_checkpoint(path)
    path.write_bytes(pickle.dumps(Bomb(marker)))
    with pytest.raises(ValueError, match='bomb.pth'):
        read_checkpoint(path)
    assert not marker.exists()


@pytest.mark.parametrize('keep', [0, 10, 500])
def test_truncated(tmp_path, keep):
    path = tmp_path / 'a.pth'
    write_checkpoint(member(), path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match='a.pth'):
        read_checkpoint(path)


def test_missing_and_foreign(tmp_path):
    with pytest.raises(FileNotFoundError, match='none.pth'):
        read_checkpoint(tmp_path / 'none.pth')
    torch.save(dict(weights=1), tmp_path / 'a.pth')
    with pytest.raises(ValueError, match=r"no state_dict; found \['weights'"):
        read_checkpoint(tmp_path / 'a.pth')


def test_latest_is_by_number_and_readable(tmp_path):
    assert latest_checkpoint(tmp_path) is None
    for epoch in (2, 9, 10):
        write_checkpoint(member(), tmp_path / f'epoch_{epoch}.pth')
    assert latest_checkpoint(tmp_path).name == 'epoch_10.pth'
    # Within the eleventh epoch; a published copy is none of the training.
    for name in ('epoch_10_iter_57', 'epoch_9_iter_99', 'epoch_11-1a2b3c4d'):
        write_checkpoint(member(), tmp_path / f'{name}.pth')
    assert latest_checkpoint(tmp_path).name == 'epoch_10_iter_57.pth'


def test_a_damaged_latest_is_passed_over_and_named(tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(files, 'print_log',
                        lambda text, *args: said.append(text))
    for epoch in (9, 10):
        write_checkpoint(member(), tmp_path / f'epoch_{epoch}.pth')
    (tmp_path / 'epoch_10.pth').write_bytes(b'')
    assert latest_checkpoint(tmp_path).name == 'epoch_9.pth'
    assert len(said) == 1 and 'epoch_10.pth (0 bytes) is trunc' in said[0]
