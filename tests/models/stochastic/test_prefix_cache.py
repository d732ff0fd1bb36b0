"""The common beginning of the passes runs once, with the same numbers."""

import pytest
import torch
from torch import nn

from uar_mmpretrain.models.stochastic import (
    DropoutLinear,
    PrefixCache,
    fixed_masks,
)

X = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))


class Counted(nn.Linear):
    """Counts how often it computes."""

    runs = 0

    def forward(self, x):
        self.runs += 1
        return super().forward(x)


class Net(nn.Module):
    """In-place operations, a module used twice, tuples, lists."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(Counted(6, 6))
        self.relu = nn.ReLU(inplace=True)
        self.blocks = nn.ModuleList(Counted(6, 6) for _ in range(2))
        self.split = Split()
        self.random = DropoutLinear(6, 6, p=.5)
        self.last = Counted(6, 3)

    def forward(self, x):
        x = self.first(x)
        # Not idempotent: a cached output would grow from pass to pass.
        x += 1
        x = self.relu(x)
        for block in self.blocks:
            x = x + block(x)
        low, (high, _) = self.split(x)
        x = self.random(torch.cat([low, high], dim=1) - x / 2)
        return self.last(self.relu(x))


class Split(nn.Module):

    def forward(self, x):
        return x[:, :2], [x[:, 2:], 7]


def build():
    torch.manual_seed(0)
    return Net().eval()


def run(model, cached, passes=4):
    cache = PrefixCache(model)
    out = []
    for number in range(passes):
        with fixed_masks(model, 0, number):
            if cached:
                with cache.one_pass():
                    out.append(model(X))
            else:
                out.append(model(X))
    return torch.stack(out)


@pytest.mark.parametrize('context', [torch.no_grad, torch.inference_mode,
                                     torch.enable_grad])
def test_the_numbers_are_the_same(context):
    with context():
        cached = run(build(), True)
        assert torch.equal(cached, run(build(), False))
    assert (cached[0] - cached[1]).abs().max() > 1e-3


@torch.no_grad()
def test_what_can_be_kept_runs_once():
    model = build()
    run(model, True)
    assert [block.runs for block in model.blocks] == [1, 1]
    # Changed in place after it had run: not kept.
    assert model.first[0].runs == 4
    assert model.last.runs == 4


@torch.no_grad()
def test_nothing_is_kept_behind_a_stochastic_first_layer():
    model = build()
    model.first[0] = DropoutLinear(6, 6, p=.5)
    cached = run(model, True)
    assert [block.runs for block in model.blocks] == [4, 4]
    assert torch.equal(cached, run(model, False))


def test_gradients_are_the_same():
    gradients = []
    for cached in (True, False):
        model = build()
        run(model, cached).sum().backward()
        gradients.append([p.grad for p in model.parameters()])
    for a, b in zip(*gradients):
        torch.testing.assert_close(a, b)


@torch.no_grad()
@pytest.mark.parametrize('passes_before', [0, 1])
def test_a_failed_pass_leaves_the_network_as_it_was(passes_before):
    model = build()
    cache = PrefixCache(model)
    for _ in range(passes_before):
        with cache.one_pass():
            model(X)
    with pytest.raises(RuntimeError, match='shape'), cache.one_pass():
        model(X[:, :2])
    for module in model.modules():
        assert not module._forward_hooks and not module._forward_pre_hooks
        assert 'forward' not in vars(module)
