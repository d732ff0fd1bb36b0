import torch
from mmpretrain.models.backbones import ResNet_CIFAR

from uar_mmpretrain.models.backbones import SmallImageResNet

SIZES = dict(depth=18, stem_channels=8, base_channels=8, strides=(1, 2, 2, 2),
             out_indices=(0, 1, 2, 3))


def test_halves_once_before_the_first_block():
    shapes = [tuple(x.shape) for x in
              SmallImageResNet(**SIZES)(torch.rand(2, 3, 48, 48))]
    assert shapes == [(2, 8, 24, 24), (2, 16, 12, 12), (2, 32, 6, 6),
                      (2, 64, 3, 3)]


def test_is_the_cifar_resnet_with_another_stride():
    torch.manual_seed(0)
    ours, theirs = SmallImageResNet(**SIZES), ResNet_CIFAR(**SIZES)
    theirs.load_state_dict(ours.state_dict())
    theirs.conv1.stride = (2, 2)
    images = torch.rand(2, 3, 48, 40)
    ours.eval()
    theirs.eval()
    for a, b in zip(ours(images), theirs(images)):
        assert torch.equal(a, b)
