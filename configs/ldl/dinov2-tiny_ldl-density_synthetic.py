# Two scores of one network: its entropy reports, the density of its features
# rejects. An ensemble of one, so that its training fits the density as well
# (docs/epistemic_channels.md). As on FER+, the image's own statistics and the
# layers of the first half; not tuned.
_base_ = ['./dinov2-tiny_ldl_synthetic.py']

runner_type = 'EnsembleRunner'
ensemble = dict(
    num_members=1,
    score='density',
    channels=[
        dict(
            type='FeatureDensity',
            layers=[
                'input.spectrum', 'input.gradients', 'backbone.layers.0',
                'backbone.layers.1'
            ]),
    ])

test_evaluator = [
    dict(type='DecompositionMetric'),
    dict(type='RoutingMetric', score='density'),
    *_base_.test_evaluator[2:],
]
