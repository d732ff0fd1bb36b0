"""Memory layout changes, numbers do not."""

from types import SimpleNamespace

import torch
from torch import nn

from uar_mmpretrain.engine import ChannelsLastHook


def test_layout_changes_and_numbers_do_not():
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)).eval()
    image = torch.rand(2, 3, 9, 9)
    before = model(image)
    ChannelsLastHook().before_run(SimpleNamespace(model=model))
    assert model[0].weight.is_contiguous(memory_format=torch.channels_last)
    after = model(image)
    assert after.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(after, before)
