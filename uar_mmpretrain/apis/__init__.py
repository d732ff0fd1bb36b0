"""Images in, decisions out.

The inferencer is imported when it is asked for: decisions, reasons and
inputs need neither torch nor OpenMMLab.
"""

from __future__ import annotations

from typing import Any

from .batches import decide_all
from .decision import Decision, Decisions, make_decision
from .faces import FaceDetector
from .inputs import Images, Item
from .reasons import Thresholds, explain

__all__ = [
    'Decision', 'Decisions', 'FaceDetector', 'Images', 'Item',
    'RoutingInferencer', 'Thresholds', 'decide_all', 'explain',
    'make_decision'
]


def __getattr__(name: str) -> Any:
    if name == 'RoutingInferencer':
        from .routing_inferencer import RoutingInferencer
        return RoutingInferencer
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
