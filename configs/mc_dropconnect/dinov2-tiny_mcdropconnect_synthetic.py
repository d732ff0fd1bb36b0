# MC-DropConnect (after arXiv 2008.07426) on drawn faces: weights of the last
# block's MLP and of the classifier.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

model = dict(
    type='MCClassifier',
    num_passes=50,
    stochastic_layers=[
        dict(
            type='DropConnect',
            p=0.2,
            modules=[
                'backbone.layers.3.ffn.layers.(0.0|1)',
                'head.fcs.0',
            ]),
    ])
