"""One pass: masks by number and name, everything else at rest."""

import pytest
import torch
from torch import nn

from uar_mmpretrain.models.stochastic import (
    DropoutLinear,
    evaluation_mode,
    fixed_masks,
    stochastic_layers,
    switched_off,
)


def build():
    torch.manual_seed(0)
    return nn.Sequential(DropoutLinear(8, 8, p=.5), nn.BatchNorm1d(8),
                         nn.Sequential(DropoutLinear(8, 8, p=.5)))


def masks(model, seed=0, number=0):
    """Which units each layer drops."""
    with fixed_masks(model, seed, number), torch.no_grad():
        return [(layer.drop(torch.ones(1, 8)) > 0).tolist()
                for layer in stochastic_layers(model).values()]


def test_masks_follow_from_seed_number_and_name():
    model = build()
    first = masks(model)
    assert first == masks(build())
    for other in (masks(model, seed=1), masks(model, number=1)):
        assert all(a != b for a, b in zip(first, other))
    # Two layers of one size: two masks.
    assert first[0] != first[1]
    # Of no other layer.
    model[0] = nn.Linear(8, 8)
    assert masks(model) == first[1:]


def test_passes_are_independent():
    kept = torch.tensor([masks(build(), number=s) for s in range(200)])
    share = kept.reshape(200, -1).float()
    # Bernoulli(1/2), uncorrelated between units, layers and passes.
    assert (share.mean(0) - .5).abs().max() < 4.5 * (.25 / 200)**.5
    between = share.T.corrcoef() - torch.eye(16)
    assert between.abs().max() < 4.5 / 200**.5


def state(model):
    return [(getattr(m, 'active', None), getattr(m, 'pass_seed', None),
             m.training) for m in model.modules()]


@pytest.mark.parametrize('enter', [
    lambda model: fixed_masks(model, 0, 0), switched_off, evaluation_mode],
    ids=['fixed_masks', 'switched_off', 'evaluation_mode'])
def test_a_context_leaves_nothing_behind(enter):
    model = build()
    model[0].active = False
    # Frozen while all else trains.
    model[1].eval()
    before = state(model)
    with pytest.raises(RuntimeError, match='inside'), enter(model):
        assert state(model) != before
        raise RuntimeError('inside')
    assert state(model) == before
