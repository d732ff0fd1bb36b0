"""Units are dropped: the moments of its output are known."""

import torch

from uar_mmpretrain.models.stochastic import (
    DropoutConv2d,
    DropoutLinear,
    MCDropout,
    MCDropout2d,
)

P, DRAWS = 0.3, 20000
WEIGHT = torch.tensor([[1., -2., .5], [2., 1., 1.]])
BIAS = torch.tensor([1., -1.])
X = torch.tensor([2., 1., 4.])


def linear():
    torch.manual_seed(0)
    layer = DropoutLinear(3, 2, p=P)
    with torch.no_grad():
        layer.weight.copy_(WEIGHT)
        layer.bias.copy_(BIAS)
    return layer.requires_grad_(False)


def test_mean_variance_and_covariance():
    # A mask per image: one call draws them all.
    out = linear()(X.expand(DRAWS, 3))
    # y_k = b_k + sum_j w_kj x_j z_j / (1 - p), var z = p (1 - p).
    terms = WEIGHT * X
    covariance = P / (1 - P) * terms @ terms.T
    error = (covariance.diagonal() / DRAWS).sqrt()
    assert ((out.mean(0) - (terms.sum(1) + BIAS)).abs() < 4 * error).all()
    # Without scaling up the mean would be far outside.
    assert (P * terms.sum(1).abs() > 20 * error).all()
    torch.testing.assert_close(out.T.cov(), covariance, rtol=.05, atol=.1)


def test_units_are_dropped_or_scaled_up():
    torch.manual_seed(0)
    out = MCDropout(p=.75)(torch.ones(200, 50))
    assert out.unique().tolist() == [0., 4.]
    # Every image has its own mask.
    assert (out[0] != out[1]).any()
    assert abs((out == 0).float().mean() - .75) < 4 * (.1875 / 1e4)**.5


def test_tokens_are_dropped_unit_by_unit():
    torch.manual_seed(0)
    out = MCDropout(p=.5)(torch.ones(2, 20, 10))
    assert (out == 0).float().mean(2)[0].std() > 0


def test_channels_are_dropped_whole():
    torch.manual_seed(0)
    for layer in (MCDropout2d(p=.5), DropoutConv2d(64, 64, 1, groups=64,
                                                   bias=False, p=.5)):
        if isinstance(layer, DropoutConv2d):
            torch.nn.init.ones_(layer.weight)
        out = layer(torch.ones(2, 64, 3, 3)).flatten(2)
        assert torch.equal(out.amin(2), out.amax(2))
        assert out.unique().tolist() == [0., 2.]
        assert (out[0] != out[1]).any()
