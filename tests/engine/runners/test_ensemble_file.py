"""Members in one file: only of what belongs together."""

import pytest
import torch

from uar_mmpretrain.engine.checkpoints import write_checkpoint
from uar_mmpretrain.engine.runners.ensemble_file import join_members


def member(value=0., classes=('a', 'b')):
    return dict(meta=dict(dataset_meta=dict(classes=classes), seed=3),
                state_dict=dict(w=torch.full((2, ), value)))


def test_join_members(tmp_path):
    for m in (0, 1):
        write_checkpoint(member(float(m)), tmp_path / f'{m}.pth')
    joined = join_members([tmp_path / '0.pth', tmp_path / '1.pth'], [{}, {}])
    assert {k: v.tolist() for k, v in joined['state_dict'].items()} == {
        'members.0.w': [0., 0.], 'members.1.w': [1., 1.]}
    assert joined['meta']['dataset_meta']['classes'] == ('a', 'b')


def test_join_refuses_another_class_order(tmp_path):
    write_checkpoint(member(), tmp_path / '0.pth')
    write_checkpoint(member(classes=('b', 'a')), tmp_path / '1.pth')
    with pytest.raises(ValueError, match='1.pth: class order b, a; expected '
                       'a, b'):
        join_members([tmp_path / '0.pth', tmp_path / '1.pth'], [{}, {}])
