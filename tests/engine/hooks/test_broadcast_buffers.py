"""All processes validate with the statistics that are saved."""

import torch
from mmengine.dist import get_rank
from torch import nn

from uar_mmpretrain.engine.hooks import BroadcastBuffersHook


class Run:
    """What the hook asks of a runner."""

    def __init__(self, rank):
        self.model = nn.Module()
        self.model.register_buffer('mean', torch.tensor([rank + .5, 2.]))
        self.model.register_buffer('known', torch.tensor([rank == 0, False]))
        self.model.register_buffer('seen', torch.tensor(rank + 7))


def share(out):
    run = Run(get_rank())
    BroadcastBuffersHook().after_train_epoch(run)
    torch.save(run.model.state_dict(), out / f'{get_rank()}.pth')


def test_all_have_the_buffers_of_the_main_process(in_processes, tmp_path):
    in_processes(share, tmp_path)
    for rank in (0, 1):
        state = torch.load(tmp_path / f'{rank}.pth')
        assert state['mean'].tolist() == [.5, 2.]
        assert state['known'].tolist() == [True, False]
        assert state['seen'].item() == 7


def test_one_process_keeps_its_own():
    run = Run(3)
    BroadcastBuffersHook().after_train_epoch(run)
    assert run.model.mean.tolist() == [3.5, 2.]
