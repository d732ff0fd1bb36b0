# A deep ensemble for two CPU cores: 4 x ResNet-18 of half width on FER+ at 48
# pixels.
_base_ = [
    '../_base_/models/resnet18-48px.py',
    '../_base_/datasets/ferplus_48px.py',
    '../_base_/schedules/sgd_48px_24e.py',
    '../_base_/evaluation.py',
    '../_base_/default_runtime.py',
]

runner_type = 'EnsembleRunner'
ensemble = dict(
    num_members=4,
    # Further epistemic scores, fitted on clean images by
    # tools/fit_channels.py; docs/epistemic_channels.md compares them.
    channels=[
        dict(type='LogitVariance'),
        dict(type='EpistemicGivenAleatoric'),
        dict(
            type='FeatureDensity',
            layers=[
                'input.spectrum', 'input.gradients', 'backbone.relu',
                'backbone.layer1', 'backbone.layer2'
            ]),
    ])

# Geometry only: augmenting with what the corruption test applies (noise,
# blur, brightness, contrast, JPEG) would make the shift familiar.
geometry = dict(
    type='BatchRandomAffine',
    flip=0.5,
    degrees=12,
    translate=0.08,
    scale=(0.85, 1.15))
# Most epochs at 40 pixels, which take two thirds of the time; the last ones
# at the size of the test.
data_preprocessor = dict(
    batch_augments=dict(augments=dict(size=40, **geometry)))

custom_hooks = [
    dict(
        type='SwitchRecipeHook',
        schedule=[
            dict(action_epoch=19, batch_augments=dict(augments=geometry)),
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
