import pytest
import torch
from mmpretrain.models.utils import resize_pos_embed

from uar_mmpretrain.models.backbones.position_embedding import (
    resize_position_embedding,
)


@pytest.fixture
def embedding():
    return torch.randn(
        1, 1 + 37 * 37, 8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize('target', [(16, 16), (12, 20), (40, 37)])
def test_equals_the_official_interpolation(reference, embedding, target):
    torch.testing.assert_close(
        resize_position_embedding(embedding, (37, 37), target),
        reference.position(embedding, *target),
        atol=1e-6,
        rtol=0)


def test_mmpretrain_interpolates_differently(embedding):
    """Or this function and its test would be for nothing."""
    ours = resize_position_embedding(embedding, (37, 37), (16, 16))
    theirs = resize_pos_embed(embedding, (37, 37), (16, 16))
    assert (ours - theirs).abs().max() > 0.05


def test_same_grid_is_the_same_tensor(embedding):
    assert resize_position_embedding(embedding, (37, 37),
                                     (37, 37)) is embedding


def test_keeps_the_class_token_and_constants():
    constant = torch.full((1, 1 + 2 * 8, 3), 0.25)
    constant[:, 0] = 7
    resized = resize_position_embedding(constant, (2, 8), (3, 5))
    assert resized.shape == (1, 1 + 3 * 5, 3)
    assert (resized[:, 0] == 7).all()
    torch.testing.assert_close(resized[:, 1:], torch.full((1, 15, 3), 0.25))


def test_rows_are_height():
    rows = torch.arange(4.).repeat_interleave(4).reshape(1, 16, 1)
    embedding = torch.cat([torch.zeros(1, 1, 1), rows], dim=1)
    resized = resize_position_embedding(embedding, (4, 4), (8, 4))
    grid = resized[0, 1:, 0].reshape(8, 4)
    torch.testing.assert_close(grid, grid[:, :1].expand(8, 4))
    assert (grid[1:] > grid[:-1]).all()


def test_half_precision_is_computed_in_float32(embedding):
    half = embedding.half()
    resized = resize_position_embedding(half, (37, 37), (16, 16))
    assert resized.dtype == torch.float16
    exact = resize_position_embedding(half.float(), (37, 37), (16, 16))
    torch.testing.assert_close(resized, exact.half(), atol=0, rtol=0)
