# Every epistemic channel that docs/epistemic_channels.md compares, on
# resnet-48px_ens_ferplus at the strongest severity. This shift is *strong*:
# ImageNet-C's constants for 224 pixels on the 48-pixel image, as in the
# ensemble's own test. The channels need a channels.pth of their own: copy
# ensemble.pth to another folder and fit them there.
_base_ = '../resnet-48px_ens_ferplus.py'

_image = ['input.spectrum', 'input.gradients']
_network = ['backbone.relu', 'backbone.layer1', 'backbone.layer2']
ensemble = dict(
    channels=_base_.ensemble.channels + [
        dict(type='FeatureDensity', name=name, layers=layers)
        for name, layers in (
            ('stem', ['backbone.relu']),
            ('stage_1', ['backbone.layer1']),
            ('stage_2', ['backbone.layer2']),
            ('stage_3', ['backbone.layer3']),
            ('stage_4', ['backbone.layer4']),
            ('spectrum', ['input.spectrum']),
            ('gradients', ['input.gradients']),
            ('image', _image),
            ('network', _network),
        )
    ] + [
        dict(
            type='FeatureDensity',
            name='stage_2_class_means',
            layers=['backbone.layer2'],
            class_means=True),
        dict(
            type='RelativeMahalanobis',
            name='relative_stage_2',
            layers=['backbone.layer2']),
        dict(
            type='RelativeMahalanobis',
            name='relative_stage_4',
            layers=['backbone.layer4']),
        dict(
            type='NearestNeighbours',
            name='neighbours_stage_2',
            layers=['backbone.layer2']),
        dict(
            type='NearestNeighbours',
            name='neighbours_stage_4',
            layers=['backbone.layer4']),
        dict(
            type='FisherCombination',
            inputs=[
                'epistemic_given_aleatoric', 'spectrum', 'gradients', 'stem',
                'stage_1', 'stage_2'
            ]),
    ])
# A table of this many scores looks at one severity only, which also makes the
# test five times shorter.
test_dataloader = dict(dataset=dict(severities=[5]))
test_evaluator = [
    dict(type='DecompositionMetric', num_resamples=200),
    dict(type='RoutingMetric', num_resamples=200),
]
