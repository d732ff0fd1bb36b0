"""Members on threads of their own give what they give one by one."""

import threading

import pytest
import torch
from torch import nn

from uar_mmpretrain.models.stochastic import MCDropout
from uar_mmpretrain.models.threads import run_members

IMAGES = torch.randn(5, 3, 9, 9, generator=torch.Generator().manual_seed(0))


class Member(nn.Module):
    """Remembers in which thread it ran, and under which settings."""

    def __init__(self, fails=False):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.drop = nn.Dropout()
        self.fails = fails
        self.seen = None

    def forward(self, inputs, mode):
        assert mode == 'tensor'
        if self.fails:
            raise ValueError('a broken member')
        self.seen = (threading.get_ident(), torch.get_num_threads(),
                     torch.is_grad_enabled(),
                     torch.is_inference_mode_enabled())
        return self.drop(self.conv(inputs)).mean((2, 3))


@pytest.fixture(autouse=True)
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def members(number=3, **kwargs):
    torch.manual_seed(1)
    return nn.ModuleList(Member(**kwargs) for _ in range(number)).eval()


def one_by_one(models):
    return [model(IMAGES, mode='tensor') for model in models]


def others(models):
    """How many members ran outside this thread."""
    return sum(m.seen[0] != threading.get_ident() for m in models)


@pytest.mark.parametrize('settings', [torch.no_grad, torch.inference_mode])
def test_the_same_numbers_in_the_same_order(settings):
    models = members()
    with settings():
        together = run_members(models, IMAGES)
        assert others(models) == 3
        assert {m.seen[1:] for m in models} == {
            (1, False, torch.is_inference_mode_enabled())}
        assert all(map(torch.equal, together, one_by_one(models)))
        assert {z.is_inference() for z in together} == {
            torch.is_inference_mode_enabled()}


def test_mixed_precision_reaches_the_threads():
    models = members()
    with torch.no_grad(), torch.autocast('cpu', torch.bfloat16):
        together = run_members(models, IMAGES)
        assert others(models) == 3
        assert {z.dtype for z in together} == {torch.bfloat16}
        assert all(map(torch.equal, together, one_by_one(models)))


def test_gradients_and_random_numbers_stay_on_this_thread():
    models = members()
    run_members(models, IMAGES)[1].sum().backward()
    assert models[1].conv.weight.grad is not None
    assert others(models) == 0
    models[2].drop.train()
    with torch.no_grad():
        run_members(models, IMAGES)
    assert others(models) == 0


def test_members_that_draw_in_a_test_stay_in_order():
    models = members()
    for model in models:
        model.drop = MCDropout(p=.5)
    with torch.no_grad():
        torch.manual_seed(5)
        together = run_members(models, IMAGES)
        assert others(models) == 0
        torch.manual_seed(5)
        assert all(map(torch.equal, together, one_by_one(models)))
        # Random numbers were drawn.
        assert not torch.equal(together[0], run_members(models, IMAGES)[0])


def test_one_thread_or_one_member_stays_on_this_thread():
    single, several = members(1), members(3)
    with torch.no_grad():
        run_members(single, IMAGES)
        torch.set_num_threads(1)
        run_members(several, IMAGES)
    assert others(single) == others(several) == 0


def test_the_number_of_threads_is_left_as_it_was():
    broken = members(3, fails=True)
    with torch.no_grad():
        run_members(members(), IMAGES)
        with pytest.raises(ValueError, match='a broken member'):
            run_members(broken, IMAGES)
    found = [torch.get_num_threads()]
    thread = threading.Thread(
        target=lambda: found.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert found == [2, 2]
