"""Operators that torch.onnx cannot translate by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import onnxscript
import torch

# Its annotations are of eager values, not of a graph's.
op: Any = onnxscript.opset20


def _median(values: Any, dim: int, keepdim: bool = False) -> tuple:
    """The lower one of two middle values, as torch defines it."""
    k = (values.shape[dim] + 1) // 2
    smallest, indices = op.TopK(values, [k], axis=dim, largest=0)
    last = op.Constant(value_ints=[k - 1]) if keepdim else op.Constant(
        value_int=k - 1)
    return (op.Gather(smallest, last, axis=dim),
            op.Gather(indices, last, axis=dim))


def _bucketize(values: Any, boundaries: Any, out_int32: bool = False,
               right: bool = False) -> Any:
    """Count the boundaries below each value."""
    compare = op.LessOrEqual if right else op.Less
    below = compare(boundaries, op.Unsqueeze(values, [-1]))
    return op.ReduceSum(op.Cast(below, to=7), [-1], keepdims=0)


def _searchsorted(sorted_sequence: Any, values: Any, out_int32: bool = False,
                  right: bool = False, side: Any = None,
                  sorter: Any = None) -> Any:
    return _bucketize(values, sorted_sequence, right=right)


TRANSLATIONS: dict[Any, Callable] = {
    torch.ops.aten.median.dim: _median,
    torch.ops.aten.bucketize.Tensor: _bucketize,
    torch.ops.aten.searchsorted.Tensor: _searchsorted,
}
