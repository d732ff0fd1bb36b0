# Two scores of one network: its entropy reports, the density of its features
# rejects. An ensemble of one, so that its training fits the density as well
# (docs/epistemic_channels.md); the layers are resnet-48px_ens-16e_ferplus's.
_base_ = ['./resnet-48px_ldl_ferplus.py']

runner_type = 'EnsembleRunner'
ensemble = dict(
    num_members=1,
    score='density',
    channels=[
        dict(
            type='FeatureDensity',
            layers=[
                'input.spectrum', 'input.gradients', 'backbone.relu',
                'backbone.layer1', 'backbone.layer2'
            ]),
    ])

test_evaluator = [
    dict(type='DecompositionMetric'),
    dict(type='RoutingMetric', score='density'),
    *_base_.test_evaluator[2:],
]
