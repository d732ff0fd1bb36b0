"""Hooks."""

from .channels_hook import ChannelsHook
from .channels_last import ChannelsLastHook
from .class_check import ClassCheckHook
from .corruption_overlap import CorruptionOverlapHook
from .epoch_seed import EpochSeedHook, epoch_worker_init_fn
from .epoch_targets_hook import EpochTargetsHook
from .fuse_conv_bn import FuseConvBNHook
from .results_hook import ResultsHook
from .routing_visualization_hook import RoutingVisualizationHook

__all__ = [
    'ChannelsHook', 'ChannelsLastHook', 'ClassCheckHook',
    'CorruptionOverlapHook', 'EpochSeedHook', 'EpochTargetsHook',
    'FuseConvBNHook', 'ResultsHook', 'RoutingVisualizationHook',
    'epoch_worker_init_fn'
]
