# A deep ensemble for two CPU cores: 4 x ResNet-18 of half width on FER+ at 48
# pixels.
_base_ = [
    '../_base_/models/resnet18-48px.py',
    '../_base_/datasets/ferplus_48px.py',
    '../_base_/schedules/sgd_48px_16e.py',
    '../_base_/evaluation.py',
    '../_base_/default_runtime.py',
]

runner_type = 'EnsembleRunner'
ensemble = dict(num_members=4)
custom_hooks = [
    dict(type='ClassCheckHook'),
    dict(type='CorruptionOverlapHook'),
    dict(type='ResultsHook'),
    # what convolutions on a CPU prefer: this memory layout, and no batch
    # norm of its own in a test
    dict(type='ChannelsLastHook'),
    dict(type='FuseConvBNHook'),
]
