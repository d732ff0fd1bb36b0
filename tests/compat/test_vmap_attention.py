"""Plain attention where vmap cannot batch the fused one; equal numbers."""

import logging
from contextlib import nullcontext

import pytest
import torch

from uar_mmpretrain import compat
from uar_mmpretrain.compat import attention_under_vmap

ATTENTION = torch.nn.functional.scaled_dot_product_attention


@pytest.mark.parametrize('version, acts', [
    ('2.1.2+cu121', True), ('2.5.1', True), ('2.6.0', False),
    ('2.13.0+cpu', False)])
def test_acts_where_it_is_needed_and_says_so(version, acts, monkeypatch,
                                             caplog):
    monkeypatch.setattr(torch, '__version__', version)
    # There is no allow list in the torch that pretends to be another one.
    monkeypatch.setattr(compat, 'allow_mmengine_checkpoints', lambda: 0)
    assert isinstance(attention_under_vmap(), nullcontext) is not acts
    with caplog.at_level(logging.DEBUG, logger='uar_mmpretrain.compat'):
        compat.apply()
    said = [line for line in caplog.messages if 'attention' in line]
    assert len(said) == acts


@pytest.mark.parametrize('version', ['2.5.1', '2.13.0'])
def test_the_same_numbers(version, monkeypatch):
    draw = torch.Generator().manual_seed(0)
    query, key, value = torch.randn(3, 4, 2, 5, 8, generator=draw)
    expected = ATTENTION(query, key, value)
    monkeypatch.setattr(torch, '__version__', version)
    with attention_under_vmap():
        found = ATTENTION(query, key, value)
    torch.testing.assert_close(found, expected)
