"""From a checkpoint to one file that runs without torch.

Parts are imported when they are asked for: the predictor needs only
onnxruntime, numpy and OpenCV.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .metadata import Metadata
from .preprocessing import Preprocessing

__all__ = ['Metadata', 'OnnxPredictor', 'Preprocessing', 'export_checkpoint',
           'export_onnx']


_LAZY = {
    'OnnxPredictor': 'onnx_predictor',
    'export_checkpoint': 'checkpoint',
    'export_onnx': 'export',
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        module = import_module(f'{__name__}.{_LAZY[name]}')
        return getattr(module, name)
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
