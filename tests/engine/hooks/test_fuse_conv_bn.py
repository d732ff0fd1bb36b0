from types import SimpleNamespace

import torch
from torch import nn

from uar_mmpretrain.engine import FuseConvBNHook


def make_net():
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 4, 1), nn.BatchNorm2d(4))
    for _ in range(5):
        net(3 + 2 * torch.randn(16, 3, 9, 9))
    return net.eval()


def test_same_numbers_without_batch_norms():
    net, images = make_net(), torch.randn(4, 3, 9, 9)
    before = net(images)
    FuseConvBNHook().before_test(
        SimpleNamespace(model=net))
    assert not any(isinstance(m, nn.BatchNorm2d) for m in net.modules())
    torch.testing.assert_close(net(images), before, rtol=1e-5, atol=1e-5)


def test_inside_a_wrapper():
    net, images = make_net(), torch.randn(4, 3, 9, 9)
    before = net(images)
    wrapper = nn.DataParallel(net)
    FuseConvBNHook().before_test(
        SimpleNamespace(model=wrapper))
    assert not any(isinstance(m, nn.BatchNorm2d) for m in net.modules())
    torch.testing.assert_close(net(images), before, rtol=1e-5, atol=1e-5)


def test_nothing_to_fold_is_no_error():
    net = nn.Sequential(nn.Linear(2, 2))
    FuseConvBNHook().before_test(
        SimpleNamespace(model=net))
    assert isinstance(net[0], nn.Linear)
