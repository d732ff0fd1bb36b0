"""Layers become stochastic by name, and keep everything else."""

import copy

import mmcv.cnn
import pytest
import torch
from torch import nn

from uar_mmpretrain.models.stochastic import (
    DropConnectConv2d,
    DropConnectLinear,
    DropoutConv2d,
    DropoutLinear,
    MCDropout,
    MCDropout2d,
    inject_stochastic_layers,
    stochastic_layers,
    switched_off,
)


class OtherLinear(nn.Linear):
    """Computes something else."""


def build():
    torch.manual_seed(0)
    return nn.ModuleDict(dict(
        conv=nn.Sequential(nn.Conv2d(3, 4, 3), mmcv.cnn.Conv2d(4, 4, 3)),
        drop=nn.Sequential(nn.Dropout(.4), nn.Dropout2d(.6),
                           mmcv.cnn.bricks.Dropout(.8)),
        fc=nn.Sequential(nn.Linear(4, 5), mmcv.cnn.Linear(5, 6)),
        other=OtherLinear(2, 2), norm=nn.BatchNorm2d(4)))


@pytest.mark.parametrize('kind, pattern, expected', [
    ('Dropout', 'fc.0', {'fc.0': DropoutLinear}),
    ('Dropout', r'conv\.\d', {'conv.0': DropoutConv2d,
                              'conv.1': DropoutConv2d}),
    ('Dropout', 'drop.*', {'drop.0': MCDropout, 'drop.1': MCDropout2d,
                           'drop.2': MCDropout}),
    ('DropConnect', '(fc|conv).1', {'conv.1': DropConnectConv2d,
                                    'fc.1': DropConnectLinear}),
    ('DropConnect', ['fc.0', 'conv.0'], {'conv.0': DropConnectConv2d,
                                         'fc.0': DropConnectLinear}),
    # What a pattern matches besides is left as it is.
    ('DropConnect', '.*', {'conv.0': DropConnectConv2d,
                           'conv.1': DropConnectConv2d,
                           'fc.0': DropConnectLinear,
                           'fc.1': DropConnectLinear}),
])
def test_what_becomes_of_what(kind, pattern, expected):
    model = build()
    names = inject_stochastic_layers(
        model, [dict(type=kind, p=.1, modules=pattern)])
    found = stochastic_layers(model)
    assert {name: type(layer) for name, layer in found.items()} == expected
    assert sorted(names) == sorted(expected)
    assert all(layer.p == .1 for layer in found.values())


def test_weights_names_modes_hooks_and_shared_layers_stay():
    model = build().eval()
    model.fc[0].requires_grad_(False)
    model['tied'] = model.fc[0]
    plain, x, seen = copy.deepcopy(model), torch.randn(2, 4), []
    model.fc[0].register_forward_hook(lambda *args: seen.append(args))
    random_state = torch.get_rng_state()
    inject_stochastic_layers(model, [
        dict(type='Dropout', p=.5, modules='(drop|conv).*'),
        dict(type='DropConnect', p=.5, modules='fc.*')])
    assert torch.equal(torch.get_rng_state(), random_state)
    assert list(model.state_dict()) == list(plain.state_dict())
    assert all(torch.equal(a, b) for a, b in zip(
        model.state_dict().values(), plain.state_dict().values()))
    assert not any(module.training for module in model.modules())
    assert not model.fc[0].weight.requires_grad
    assert model['tied'] is model.fc[0]
    with switched_off(model):
        assert torch.equal(model.fc(x), plain.fc(x))
    assert len(seen) == 1


def test_dropout_layers_have_a_rate_of_their_own():
    model = build()
    inject_stochastic_layers(model, [dict(type='Dropout', modules='drop.*')])
    assert [layer.p for layer in stochastic_layers(model).values()] == [
        .4, .6, .8]


@pytest.mark.parametrize('rule, message', [
    (dict(type='Dropout', p=.1, modules='head.fc'),
     r"'head.fc' matches no layer that Dropout can be applied to.*"
     r'conv\.\\d\+, drop\.\\d\+, fc\.\\d\+\.$'),
    # part of a name, and a layer of another kind
    (dict(type='Dropout', p=.1, modules=['fc.0', 'fc']), "'fc' matches no"),
    (dict(type='DropConnect', p=.1, modules='drop.0'),
     r"'drop.0' matches no.*there are \(as patterns\) conv"),
    (dict(type='Dropout', p=.1, modules='other'), "'other' matches no"),
    (dict(type='Dropout', modules='fc.0'), 'no p for fc.0: .* Linear'),
    (dict(type='Dropout', p=1.5, modules='fc.0'), 'p=1.5; expected'),
    (dict(type='Flipout', p=.1, modules='fc.0'),
     'one of Dropout, DropConnect'),
    (dict(type='Dropout', p=.1), 'says no stochastic layers'),
    (dict(type='Dropout', p=.1, modules='fc.0', rate=1), 'unknown keys rate'),
    (dict(type='Dropout', p=.1, modules=['fc.0', 'fc.[01]']),
     'fc.0, which is stochastic already'),
])
def test_rules_that_cannot_be_followed(rule, message):
    with pytest.raises(ValueError, match=message):
        inject_stochastic_layers(build(), [rule])
