# What every method trained on FER+ at 48 pixels shares: one ResNet-18 of half
# width, the data, the augmentation and the schedule.
_base_ = [
    './models/resnet18-48px.py',
    './datasets/ferplus_48px.py',
    './schedules/sgd_48px_16e.py',
    './evaluation.py',
    './default_runtime.py',
]

custom_hooks = [
    dict(type='ClassCheckHook'),
    dict(type='CorruptionOverlapHook'),
    dict(type='ChannelsHook'),
    dict(type='ResultsHook'),
    # what convolutions on a CPU prefer: this memory layout, and no batch
    # norm of its own in a test
    dict(type='ChannelsLastHook'),
    dict(type='FuseConvBNHook'),
]
