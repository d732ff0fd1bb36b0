# Four ResNet-18 of half width on FER+ at 48 pixels with the short recipe that
# all methods of configs/compare/ferplus_48px.py share.
_base_ = '../_base_/resnet-48px_ferplus.py'

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
