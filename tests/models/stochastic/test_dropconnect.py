"""Weights are dropped: the moments of its output are known."""

import pytest
import torch
from torch import nn

from uar_mmpretrain.models.stochastic import (
    DropConnectConv2d,
    DropConnectLinear,
    DropoutLinear,
)

P, DRAWS = 0.3, 4000
WEIGHT = torch.tensor([[1., -2., .5], [2., 1., 1.]])
BIAS = torch.tensor([1., -1.])
X = torch.tensor([[2., 1., 4.]])
TERMS = WEIGHT * X


@pytest.fixture(params=['linear', 'conv'])
def draw(request):
    """The layer's output ``(2,)`` for one input, a mask each time."""
    torch.manual_seed(0)
    if request.param == 'linear':
        layer, x = DropConnectLinear(3, 2, p=P), X
    else:
        layer, x = DropConnectConv2d(3, 2, 1, p=P), X[..., None, None]
    with torch.no_grad():
        layer.weight.copy_(WEIGHT.reshape(layer.weight.shape))
        layer.bias.copy_(BIAS)
    layer.requires_grad_(False)
    return lambda scale=1.: layer(scale * x).flatten()


def test_mean_variance_and_covariance(draw):
    out = torch.stack([draw() for _ in range(DRAWS)])
    variance = P / (1 - P) * (TERMS**2).sum(1)
    error = (variance / DRAWS).sqrt()
    assert ((out.mean(0) - (TERMS.sum(1) + BIAS)).abs() < 4 * error).all()
    # Without scaling up the mean would be far outside.
    assert (P * TERMS.sum(1).abs() > 15 * error).all()
    covariance = out.T.cov()
    torch.testing.assert_close(covariance.diagonal(), variance, rtol=.12,
                               atol=0.)
    # Each weight has its own mask: outputs are independent, where dropped
    # units would tie them (P / (1 - P) * sum of products = 6).
    limit = 4 * (variance.prod() / DRAWS).sqrt()
    assert abs(covariance[0, 1]) < limit < P / (1 - P) * TERMS.prod(0).sum()


def test_the_bias_is_never_dropped(draw):
    for _ in range(20):
        assert torch.equal(draw(scale=0.), BIAS)


def test_equal_images_of_one_call_get_equal_outputs():
    torch.manual_seed(0)
    images = X.expand(8, 3)
    out = DropConnectLinear(3, 50, p=.5)(images)
    assert torch.equal(out, out[:1].expand_as(out))
    other = DropoutLinear(3, 50, p=.5)(images)
    assert not torch.equal(other, other[:1].expand_as(other))


def test_dropped_weights_learn_nothing():
    torch.manual_seed(0)
    layer = DropConnectLinear(3, 40, p=.5)
    layer(torch.ones(2, 3)).sum().backward()
    # two images, kept weights scaled up by two
    assert layer.weight.grad.unique().tolist() == [0., 4.]


def test_a_convolution_keeps_its_geometry():
    settings = dict(kernel_size=3, stride=2, padding=2, dilation=2, groups=2,
                    padding_mode='reflect')
    x = torch.randn(2, 4, 9, 9)
    layer = DropConnectConv2d(4, 6, p=.5, **settings)
    plain = nn.Conv2d(4, 6, **settings)
    plain.load_state_dict(layer.state_dict())
    layer.active = False
    assert torch.equal(layer(x), plain(x))
