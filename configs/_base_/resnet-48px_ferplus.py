# What every method trained on FER+ at 48 pixels shares: one ResNet-18 of half
# width, the data, the augmentation and the schedule.
_base_ = [
    './models/resnet18-48px.py',
    './datasets/ferplus_48px.py',
    './schedules/sgd_48px_22e.py',
    './evaluation.py',
    './default_runtime.py',
]

# Geometry only: augmenting with what the corruption test applies (noise,
# blur, brightness, contrast, JPEG) would make the shift familiar.
affine = dict(
    type='BatchRandomAffine',
    flip=0.5,
    degrees=12,
    translate=0.08,
    scale=(0.85, 1.15))

# The first two thirds of the training see the faces at 32 pixels, which costs
# less than half as much per epoch.
data_preprocessor = dict(
    batch_augments=dict(augments=dict(affine, size=32)))

custom_hooks = [
    dict(
        type='SwitchRecipeHook',
        schedule=[
            dict(action_epoch=15, batch_augments=dict(augments=affine))
        ]),
    dict(type='ClassCheckHook'),
    dict(type='CorruptionOverlapHook'),
    dict(type='ChannelsHook'),
    dict(type='ResultsHook'),
    # what convolutions on a CPU prefer: this memory layout, and no batch
    # norm of its own in a test
    dict(type='ChannelsLastHook'),
    dict(type='FuseConvBNHook'),
]
