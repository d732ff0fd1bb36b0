"""A training that diverges stops before anything of it is saved."""

from types import SimpleNamespace

import pytest
import torch
from mmengine.hooks import Hook

from uar_mmpretrain.engine import CheckFiniteHook
from uar_mmpretrain.engine.hooks import check_finite

NAN = float('nan')


class Scaler:
    """A gradient scaler as the hook sees it."""

    def __init__(self, enabled=True):
        self.enabled = enabled

    def is_enabled(self):
        return self.enabled


@pytest.fixture
def look():
    """What the hook says of losses of a run, one batch after the other."""

    def run(*losses, wrapper=None):
        hook = CheckFiniteHook()
        runner = SimpleNamespace(
            work_dir='work_dirs/x/member_2', epoch=3,
            optim_wrapper=wrapper or SimpleNamespace())
        for number, loss in enumerate(losses):
            hook.after_train_iter(runner, number, outputs=dict(
                loss=torch.tensor(loss)))

    return run


@pytest.mark.parametrize('loss', [NAN, float('inf'), -float('inf')])
def test_names_the_member_and_the_batch(look, loss):
    with pytest.raises(FloatingPointError, match=f'member_2: the loss is '
                       f'{loss} in epoch 4, batch 3. Nothing of this epoch '
                       'is saved.*lower learning rate'):
        look(.5, 1e30, loss)


def test_a_scaler_may_skip_some_batches(look, monkeypatch):
    said = []
    monkeypatch.setattr(check_finite, 'print_log',
                        lambda text, *args: said.append(text))
    scaled = SimpleNamespace(loss_scaler=Scaler())
    look(*[NAN] * 19, .5, *[NAN] * 19, wrapper=scaled)
    assert len(said) == 38 and 'skips this batch' in said[0]
    with pytest.raises(FloatingPointError, match='batch 21'):
        look(.5, *[NAN] * 20, wrapper=scaled)
    # Without a GPU there is one that does nothing.
    with pytest.raises(FloatingPointError, match='batch 1'):
        look(NAN, wrapper=SimpleNamespace(loss_scaler=Scaler(False)))


class Diverge(Hook):
    """Make the weights infinite after a batch whose loss was finite."""

    def __init__(self, batch):
        self.batch = batch

    def after_train_iter(self, runner, batch_idx, **kwargs):
        if batch_idx == self.batch:
            runner.model.head.fc.weight.data[0, 0] = float('inf')


@pytest.mark.parametrize('batch, error, said', [
    # The loss of the second of two batches shows it.
    (0, FloatingPointError, 'the loss is (inf|nan) in epoch 1, batch 2'),
    # There is no batch left to show it.
    (1, ValueError, 'not saved after epoch 1: head.fc.weight has 1 of 4'),
])
def test_no_checkpoint_of_a_training_that_diverged(
        toy_runner, toy_set, tmp_path, batch, error, said):
    runner = toy_runner(2, [CheckFiniteHook(), Diverge(batch)],
                        train=toy_set(('a', 'b')))
    with pytest.raises(error, match=said):
        runner.train()
    assert not list(tmp_path.rglob('*.pth'))


def test_the_hook_of_every_member(tiny_config):
    from uar_mmpretrain.engine.runners.member_config import (
        fingerprint,
        member_config,
    )
    cfg = member_config(tiny_config, 1, seed=5)
    mark = fingerprint(cfg)
    kinds = [hook for hook in cfg.custom_hooks
             if hook['type'].endswith('CheckFiniteHook')]
    assert len(kinds) == 1
    # It only looks on: trainings begun without it go on.
    cfg.custom_hooks.remove(kinds[0])
    assert fingerprint(cfg) == mark


@pytest.mark.skipif(not hasattr(torch.amp, 'GradScaler'),
                    reason='this torch scales on GPUs only')
def test_what_a_scaler_skips_leaves_the_weights_alone():
    """Why the hook may go on: torch's own scaler, here on the CPU."""
    scaler = torch.amp.GradScaler('cpu')
    layer = torch.nn.Linear(2, 1)
    before = layer.weight.detach().clone()
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.)
    scale = scaler.get_scale()
    for value in (float('inf'), NAN):
        optimizer.zero_grad()
        scaler.scale(layer(torch.full((1, 2), value)).sum()).backward()
        scaler.step(optimizer)
        scaler.update()
    assert torch.equal(layer.weight, before)
    assert scaler.get_scale() == scale / 4
    assert check_finite._has_scaler(SimpleNamespace(
        optim_wrapper=SimpleNamespace(loss_scaler=scaler)))
