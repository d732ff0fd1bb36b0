"""Members as one batched pass: where, with which weights, and compiled."""

import itertools
import pickle

import pytest
import torch
from torch import nn

from uar_mmpretrain.models import member_pass
from uar_mmpretrain.models.member_pass import MemberPass
from uar_mmpretrain.models.stacked import stacking_pays

IMAGES = torch.randn(5, 3, 9, 9, generator=torch.Generator().manual_seed(0))


class Member(nn.Module):

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, inputs, mode):
        assert mode == 'tensor'
        return self.norm(self.conv(inputs)).relu_().mean((2, 3))


class Counting(Member):
    """Counts how often it ran by itself."""

    runs = 0

    def forward(self, inputs, mode):
        self.runs += 1
        return super().forward(inputs, mode)


class DataDependent(Counting):
    """Looks at its numbers."""

    def forward(self, inputs, mode):
        features = super().forward(inputs, mode)
        return features if features.sum().item() > 0 else -features


def members(number=3, kind=Counting):
    torch.manual_seed(1)
    return nn.ModuleList(kind() for _ in range(number)).eval()


def one_by_one(models):
    return torch.stack([model(IMAGES, mode='tensor') for model in models])


def runs(models, run):
    """The logits, and how many members ran by themselves."""
    before = [m.runs for m in models]
    logits = torch.stack(list(run(IMAGES)))
    return logits, sum(m.runs > b for m, b in zip(models, before))


@pytest.fixture
def pays(monkeypatch):
    """Settle whether a batched pass is faster."""

    def settle(value):
        monkeypatch.setattr(member_pass, 'stacking_pays',
                            lambda *args: value)

    return settle


@pytest.mark.parametrize('batched, faster, alone', [
    (True, False, 0), (False, True, 3), ('auto', True, 0),
    ('auto', False, 3)])
@torch.no_grad()
def test_how_members_run(pays, batched, faster, alone):
    pays(faster)
    models = members()
    logits, found = runs(models, MemberPass(models, batched))
    assert found == alone
    torch.testing.assert_close(logits, one_by_one(models))


@torch.no_grad()
def test_what_cannot_be_one_pass_is_a_loop_if_that_was_not_asked_for(pays):
    pays(True)
    models = members(kind=DataDependent)
    run = MemberPass(models, 'auto')
    for _ in range(2):
        logits, found = runs(models, run)
        assert found == 3
        assert torch.equal(logits, one_by_one(models))
    with pytest.raises(RuntimeError, match='vmap'):
        MemberPass(models, True)(IMAGES)


@pytest.mark.parametrize('batched', [True, 'auto'])
def test_gradients_reach_every_member(pays, batched):
    pays(True)
    models = members()
    sum(z.sum() for z in MemberPass(models, batched)(IMAGES)).backward()
    assert all(m.conv.weight.grad.abs().sum() > 0 for m in models)


def scale(models):
    models[1].conv.weight.mul_(1.5)


def load(models):
    models[1].load_state_dict(members(4)[3].state_dict())


def move(models):
    models.to(memory_format=torch.channels_last)
    models[1].norm.running_mean.add_(.5)


@pytest.mark.parametrize('change', [scale, load, move])
@pytest.mark.parametrize('settings', [torch.no_grad, torch.inference_mode])
def test_stacked_weights_are_those_of_the_members(change, settings):
    models = members()
    run = MemberPass(models, True)
    with settings():
        before, _ = runs(models, run)
        change(models)
        now, alone = runs(models, run)
        assert alone == 0
        torch.testing.assert_close(now, one_by_one(models))
    assert (now - before).abs().max() > 1e-2


@pytest.mark.parametrize('batched, threads', [(False, 1), (False, 2),
                                              (True, 1)])
def test_compiled_members(batched, threads):
    """With a compiler that only counts, as a real one takes a minute."""
    graphs, counts, models = [], [], members(10, Member)
    torch._dynamo.reset()

    def compiler(graph, example_inputs):
        graphs.append(graph)
        return graph.forward

    run = MemberPass(models, batched, dict(backend=compiler, fullgraph=True))
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        with torch.no_grad():
            for images in (IMAGES, IMAGES.flip(0)):
                logits = torch.stack(list(run(images)))
                counts.append(len(graphs))
                torch.testing.assert_close(logits, torch.stack(
                    [m.forward(images, mode='tensor') for m in models]))
    finally:
        torch.set_num_threads(before)
    # One for all members (two threads may begin at the same time), and no
    # further one in the second batch.
    assert 1 <= counts[0] <= threads
    assert counts[1] == counts[0]


class Ensemble(nn.Module):

    def __init__(self, batched):
        super().__init__()
        self.members = members(3, Member)
        self.run = MemberPass(self.members, batched)

    def forward(self, images):
        return torch.stack(list(self.run(images)))


@torch.no_grad()
def test_a_pickled_ensemble_runs_with_weights_of_its_own():
    model = Ensemble(batched=True).eval()
    model(IMAGES)
    other = pickle.loads(pickle.dumps(model))
    scale(other.members)
    for one in (model, other):
        torch.testing.assert_close(one(IMAGES), one_by_one(one.members))
    assert (other(IMAGES) - model(IMAGES)).abs().max() > 1e-2


@pytest.mark.parametrize('batched', [True, 'auto'])
def test_an_exported_ensemble_takes_any_batch(pays, batched):
    pays(True)
    model = Ensemble(batched).eval()
    with torch.no_grad():
        program = torch.export.export(
            model, (IMAGES[:2], ),
            dynamic_shapes=({0: torch.export.Dim('images')}, ))
        torch.testing.assert_close(program.module()(IMAGES),
                                   one_by_one(model.members))


def test_the_rule():
    grid = list(itertools.product((1, 8, 32, 256), (1, 2, 5, 20)))
    assert not any(stacking_pays('cpu', *one) for one in grid)
    assert stacking_pays('cuda', 1, 5)
    # More members never speak against it, nor do fewer images.
    for images, number in grid:
        if stacking_pays('cuda', images, number):
            assert stacking_pays('cuda', images, number + 1)
            assert stacking_pays('cuda', max(1, images - 1), number)
    assert not stacking_pays('cuda', 256, 5)
    assert not stacking_pays('cuda', 1, 1)
