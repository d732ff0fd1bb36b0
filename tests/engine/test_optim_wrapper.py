"""bfloat16 passes, float32 weights."""

import pytest
import torch
from mmengine.device import get_device
from mmengine.registry import OPTIM_WRAPPERS
from torch import nn

from uar_mmpretrain.engine import optim_wrapper as module


class Probe(nn.Module):
    """Remembers in which precision its layer computes."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 2)
        self.seen = None

    def forward(self, inputs):
        out = self.linear(inputs)
        self.seen = out.dtype
        return out


@pytest.fixture(autouse=True)
def with_instructions(monkeypatch):
    """Whatever processor the tests run on."""
    monkeypatch.setattr(module, 'cpu_has_bfloat16', lambda: True)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Probe().to(get_device())


@pytest.fixture
def inputs():
    draw = torch.Generator().manual_seed(1)
    return torch.randn(8, 4, generator=draw).to(get_device())


def wrapper(model, lr=0.1, **kwargs):
    return OPTIM_WRAPPERS.build(dict(
        type='AutocastOptimWrapper',
        optimizer=torch.optim.SGD(model.parameters(), lr=lr), **kwargs))


def train_step(optim_wrapper, model, inputs):
    with optim_wrapper.optim_context(model):
        loss = model(inputs).square().mean()
    optim_wrapper.update_params(loss)


def test_forward_is_bfloat16_only_inside(model, inputs):
    with wrapper(model).optim_context(model):
        model(inputs)
    assert model.seen == torch.bfloat16
    model(inputs)
    assert model.seen == torch.float32


def test_float32_weights_are_updated_nearly_as_without(model, inputs):
    before = model.linear.weight.detach().clone()
    plain = Probe().to(get_device())
    plain.load_state_dict(model.state_dict())
    train_step(wrapper(model), model, inputs)
    plain(inputs).square().mean().backward()
    torch.optim.SGD(plain.parameters(), lr=0.1).step()
    for own, theirs in zip(model.parameters(), plain.parameters()):
        assert own.dtype == torch.float32
        torch.testing.assert_close(own, theirs, rtol=0, atol=2e-3)
    assert (model.linear.weight - before).abs().max() > 1e-2


def test_updates_below_the_resolution_of_bfloat16_are_kept(model, inputs):
    nn.init.ones_(model.linear.weight)
    for _ in range(3):
        train_step(wrapper(model, lr=1e-4), model, inputs)
    weight = model.linear.weight.detach()
    assert (weight != 1).all()
    # Stored in bfloat16 nothing would have moved.
    assert (weight.bfloat16() == 1).all()


def test_gradients_are_accumulated_as_by_mmengine(model, inputs):
    optim_wrapper = wrapper(model, accumulative_counts=2)
    optim_wrapper.initialize_count_status(model, 0, 4)
    before = model.linear.weight.detach().clone()
    train_step(optim_wrapper, model, inputs)
    assert torch.equal(model.linear.weight, before)
    train_step(optim_wrapper, model, inputs)
    assert not torch.equal(model.linear.weight, before)


def test_float32_on_a_cpu_without_instructions(model, inputs, monkeypatch):
    monkeypatch.setattr(module, 'cpu_has_bfloat16', lambda: False)
    monkeypatch.setattr(module, 'get_device', lambda: 'cpu')
    model, inputs = model.cpu(), inputs.cpu()
    train_step(wrapper(model), model, inputs)
    assert model.seen == torch.float32


@pytest.mark.parametrize('bf16, amx, expected', [
    (False, False, False), (True, False, True), (False, True, True)])
def test_either_instruction_set_does(bf16, amx, expected, monkeypatch):
    monkeypatch.undo()
    for name, found in zip(module._INSTRUCTIONS, (bf16, amx)):
        monkeypatch.setattr(torch.cpu, name, lambda found=found: found,
                            raising=False)
    assert module.cpu_has_bfloat16() is expected


def test_a_torch_that_cannot_tell(monkeypatch):
    monkeypatch.undo()
    for name in module._INSTRUCTIONS:
        monkeypatch.delattr(torch.cpu, name, raising=False)
    assert module.cpu_has_bfloat16()
