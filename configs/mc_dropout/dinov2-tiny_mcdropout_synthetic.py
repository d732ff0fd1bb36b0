# MC-Dropout (after arXiv 2008.07426) on drawn faces: units in the MLPs of the
# last two blocks and before the classifier.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

model = dict(
    type='MCClassifier',
    num_passes=50,
    stochastic_layers=[
        dict(
            type='Dropout',
            p=0.2,
            modules=[
                'backbone.layers.[23].ffn.layers.(0.2|2)',
                'head.fcs.0',
            ]),
    ])
