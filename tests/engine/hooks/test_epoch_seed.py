"""Randomness that depends on seed, epoch and rank, and on nothing else."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from mmengine.runner import Runner
from torch.utils.data import Dataset

from uar_mmpretrain.engine import EpochSeedHook
from uar_mmpretrain.engine.hooks import epoch_seed, epoch_worker_init_fn


@pytest.fixture(autouse=True)
def global_state():
    """Put the global generators back."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])
    torch.set_rng_state(states[2])


def draw():
    """A number of each global generator, all as floats in [0, 1)."""
    return random.random(), np.random.rand(), torch.rand(()).item()


def start(epoch, seed=0):
    EpochSeedHook().before_train_epoch(SimpleNamespace(
        seed=seed, epoch=epoch,
        train_dataloader=SimpleNamespace(dataset=SimpleNamespace())))


def first_draw(epoch, seed=0):
    start(epoch, seed)
    return draw()


def test_a_repeated_epoch_draws_the_same():
    reference = first_draw(3)
    draw()
    first_draw(2)
    assert first_draw(3) == reference


def test_epochs_seeds_and_ranks_draw_differently(monkeypatch):
    draws = [first_draw(epoch, seed) for epoch in range(3)
             for seed in range(3)]
    for rank in (1, 2):
        monkeypatch.setattr(epoch_seed, 'get_rank', lambda rank=rank: rank)
        draws.append(first_draw(0, 0))
        assert first_draw(0, 0) == draws[-1]
    # Every generator is seeded anew each time.
    for one in zip(*draws):
        assert len(set(one)) == len(draws) == 11


class Draws(Dataset):
    """Each item is what its worker's generators give, and who it is."""

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return (torch.utils.data.get_worker_info().id, *draw())


@pytest.fixture(scope='module')
def epochs():
    """The draws of epochs 0, 1 and, repeated by a second loader, 1 again."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    found = []
    for chosen in ((0, 1), (1, )):
        loader = Runner.build_dataloader(dict(
            dataset=Draws(), batch_size=2, num_workers=2,
            sampler=dict(type='DefaultSampler', shuffle=False),
            worker_init_fn=dict(type='epoch_worker_init_fn'),
            persistent_workers=False), seed=0)
        for epoch in chosen:
            start(epoch)
            found.append([item for batch in loader
                          for item in zip(*map(list, batch))])
    random.setstate(states[0])
    np.random.set_state(states[1])
    torch.set_rng_state(states[2])
    return found


def test_workers_draw_differently_in_every_epoch(epochs):
    first, second, _ = epochs
    assert {worker for worker, *_ in first} == {0, 1}
    for generator in (1, 2, 3):
        draws = [item[generator] for item in first + second]
        assert len(set(draws)) == 16


def test_workers_of_a_resumed_training_draw_the_same(epochs):
    _, second, resumed = epochs
    assert resumed == second


@pytest.fixture(scope='module')
def batches():
    """By number of workers: what an epoch's items drew, and what is left."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    found = {}
    for workers in (0, 1, 3):
        dataset = DrawsAnywhere()
        loader = Runner.build_dataloader(dict(
            dataset=dataset, batch_size=2, num_workers=workers,
            sampler=dict(type='DefaultSampler', shuffle=False),
            persistent_workers=False), seed=0)
        for epoch in (0, 1):
            EpochSeedHook().before_train_epoch(SimpleNamespace(
                seed=0, epoch=epoch, train_dataloader=loader))
            items = [item for batch in loader
                     for item in zip(*map(list, batch))]
            found[workers, epoch] = items, draw()
    random.setstate(states[0])
    np.random.set_state(states[1])
    torch.set_rng_state(states[2])
    return found


class DrawsAnywhere(Draws):

    def __getitem__(self, index):
        return draw()


@pytest.mark.parametrize('epoch', [0, 1])
def test_draws_do_not_depend_on_the_number_of_workers(batches, epoch):
    items, left = batches[0, epoch]
    for workers in (1, 3):
        assert batches[workers, epoch][0] == items
        # Nor do those of the main process, such as dropout's.
        assert batches[workers, epoch][1] == left
    for one in zip(*items):
        assert len(set(one)) == 8


def test_every_epoch_draws_anew(batches):
    assert not set(batches[0, 0][0]) & set(batches[0, 1][0])


def test_a_data_set_that_fetches_batches_itself_still_does():
    class Batched(Draws):

        def __getitems__(self, indices):
            return [(index, *draw()) for index in indices]

    dataset = Batched()
    for _ in range(2):
        EpochSeedHook().before_train_epoch(SimpleNamespace(
            seed=0, epoch=4, train_dataloader=SimpleNamespace(
                dataset=dataset)))
    first = dataset.__getitems__([5, 2])
    assert [item[0] for item in first] == [5, 2]
    assert dataset.__getitems__([5, 2]) == first
    assert dataset.__getitems__([2, 5]) != first[::-1]


def test_the_worker_function_takes_what_mmengine_passes():
    torch.manual_seed(5)
    epoch_worker_init_fn(1, num_workers=2, rank=0, seed=3,
                         disable_subprocess_warning=True)
    reference = draw()
    torch.manual_seed(5)
    epoch_worker_init_fn(0)
    # torch has added the worker's number already.
    assert draw() == reference


class Recorder(EpochSeedHook):

    def __init__(self):
        self.draws = []

    def before_train_iter(self, runner, **kwargs):
        self.draws.append((runner.epoch, *draw()))


def test_a_runner_draws_alike_from_a_resumed_epoch_on(toy_runner, toy_set):
    records = []
    for resume in (False, True):
        hook = Recorder()
        runner = toy_runner(2, [hook], train=toy_set(('a', 'b')),
                            resume=resume, randomness=dict(seed=4))
        runner.train_loop._max_epochs = 2 + resume
        runner.train()
        records.append(hook.draws)
    full = Recorder()
    runner = toy_runner(2, [full], train=toy_set(('a', 'b')),
                        randomness=dict(seed=4))
    runner.train_loop._max_epochs = 3
    runner.train()
    assert [epoch for epoch, *_ in records[1]] == [2, 2]
    assert records[0] + records[1] == full.draws
    assert len({item[1:] for item in full.draws}) == 6
