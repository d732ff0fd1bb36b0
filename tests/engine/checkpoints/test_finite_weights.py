"""Weights that are not numbers are refused by name."""

import pytest
import torch

from uar_mmpretrain.engine.checkpoints import check_finite_weights


def test_names_the_tensor():
    weights = dict(good=torch.ones(3), count=torch.tensor(4),
                   bad=torch.tensor([[1., float('nan')], [-float('inf'), 0]]))
    with pytest.raises(ValueError, match='member.pth: bad has 2 of 4 values '
                       'that are not finite.*train it again'):
        check_finite_weights(weights, 'member.pth')


def test_lets_pass_what_is_finite_or_no_float():
    check_finite_weights(dict(
        weight=torch.full((2, ), torch.finfo(torch.bfloat16).max,
                          dtype=torch.bfloat16),
        steps=torch.tensor(2**40), note='text'), 'x')
