import pytest
import torch

from uar_mmpretrain.corruptions.batched import corrupt_batch
from uar_mmpretrain.corruptions.batched.precision import (
    _switches,
    full_float32,
)

CPU = torch.device('cpu')


def settings():
    return [getattr(module, name) for module, name, _ in _switches()]


def test_switches_are_off_inside_and_restored():
    before = settings()
    off = [value for _, _, value in _switches()]
    with full_float32(CPU):
        assert settings() == off
    assert settings() == before


def test_switches_are_restored_after_an_error():
    before = settings()
    with pytest.raises(RuntimeError, match='mine'), full_float32(CPU):
        raise RuntimeError('mine')
    assert settings() == before


@pytest.mark.parametrize('name', ['gaussian_blur', 'elastic_transform'])
def test_autocast_around_changes_nothing(faces, name):
    expected = corrupt_batch(faces, name, 3, ['a', 'b', 'c'])
    with torch.autocast('cpu', dtype=torch.bfloat16):
        result = corrupt_batch(faces, name, 3, ['a', 'b', 'c'])
    assert torch.equal(result, expected)


def test_program_settings_are_neither_needed_nor_changed(faces):
    precision = torch.get_float32_matmul_precision()
    expected = corrupt_batch(faces, 'elastic_transform', 1, ['a', 'b', 'c'])
    torch.set_float32_matmul_precision('medium')
    try:
        result = corrupt_batch(faces, 'elastic_transform', 1, ['a', 'b', 'c'])
        assert torch.get_float32_matmul_precision() == 'medium'
    finally:
        torch.set_float32_matmul_precision(precision)
    assert torch.equal(result, expected)
