"""Hooks."""

from .broadcast_buffers import BroadcastBuffersHook
from .channels_hook import ChannelsHook
from .channels_last import ChannelsLastHook
from .check_finite import CheckFiniteHook
from .class_check import ClassCheckHook
from .config_changes_hook import ConfigChangesHook
from .corruption_overlap import CorruptionOverlapHook
from .epoch_seed import EpochSeedHook, epoch_worker_init_fn
from .epoch_targets_hook import EpochTargetsHook
from .fuse_conv_bn import FuseConvBNHook
from .held_out_check import HeldOutCheckHook
from .preemption_hook import PreemptionHook
from .results_hook import ResultsHook
from .routing_visualization_hook import RoutingVisualizationHook

__all__ = [
    'BroadcastBuffersHook', 'ChannelsHook', 'ChannelsLastHook',
    'CheckFiniteHook', 'ClassCheckHook', 'ConfigChangesHook',
    'CorruptionOverlapHook', 'EpochSeedHook', 'EpochTargetsHook',
    'FuseConvBNHook', 'HeldOutCheckHook', 'PreemptionHook', 'ResultsHook',
    'RoutingVisualizationHook', 'epoch_worker_init_fn'
]
