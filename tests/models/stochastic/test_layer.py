"""The flag, the rate and the mask that all stochastic layers share."""

import pytest
import torch
from mmpretrain.registry import MODELS

from uar_mmpretrain.models.stochastic import (
    DropConnectConv2d,
    DropConnectLinear,
    DropoutConv2d,
    DropoutLinear,
    MCDropout,
    MCDropout2d,
)

X = torch.randn(5, 6, generator=torch.Generator().manual_seed(0))
MAPS = torch.randn(5, 6, 3, 3, generator=torch.Generator().manual_seed(0))
KINDS = {
    MCDropout: ((), X), MCDropout2d: ((), MAPS),
    DropoutLinear: ((6, 4), X), DropConnectLinear: ((6, 4), X),
    DropoutConv2d: ((6, 4, 3), MAPS), DropConnectConv2d: ((6, 4, 3), MAPS),
}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def layer_and_input(request):
    sizes, x = KINDS[request.param]
    torch.manual_seed(0)
    return request.param(*sizes, p=0.5), x


def test_eval_does_not_switch_it_off_but_its_flag_does(layer_and_input):
    layer, x = layer_and_input
    layer.eval()
    assert not torch.equal(layer(x), layer(x))
    layer.train()
    layer.active = False
    assert torch.equal(layer(x), layer(x))


def test_a_pass_is_one_function(layer_and_input):
    layer, x = layer_and_input
    layer.pass_seed = 3
    torch.manual_seed(1)
    together = layer(x)
    torch.manual_seed(2)
    alone = torch.cat([layer(one[None]) for one in x])
    torch.testing.assert_close(together, alone)
    torch.testing.assert_close(layer(x[:1].expand_as(x)),
                               layer(x[:1]).expand_as(together))
    layer.pass_seed = 4
    assert not torch.equal(layer(x), together)


def test_a_pass_leaves_the_global_generator_alone(layer_and_input):
    layer, x = layer_and_input
    layer.pass_seed = 3
    before = torch.get_rng_state()
    layer(x)
    assert torch.equal(torch.get_rng_state(), before)


def test_nothing_dropped_is_the_plain_layer(layer_and_input):
    layer, x = layer_and_input
    layer.active = False
    plain = layer(x)
    layer.active, layer.p = True, 0.
    assert torch.equal(layer(x), plain)


def test_the_rate_is_seen_and_checked(layer_and_input):
    layer, _ = layer_and_input
    assert 'p=0.5' in repr(layer)
    sizes, _ = KINDS[type(layer)]
    for p in (1., -0.1):
        with pytest.raises(ValueError, match=f'p={p}; expected'):
            type(layer)(*sizes, p=p)


def test_it_can_be_named_in_a_config(layer_and_input):
    layer, _ = layer_and_input
    assert MODELS.get(type(layer).__name__) is type(layer)
