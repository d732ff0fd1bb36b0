# MC-Dropout (after arXiv 2008.07426) with DINOv2 ViT-S/14 on RAF-DB: units in
# the MLPs of the last two blocks and before the classifier.
_base_ = ['../_base_/dinov2-small_rafdb.py']

model = dict(
    type='MCClassifier',
    num_passes=50,
    stochastic_layers=[
        dict(
            type='Dropout',
            p=0.2,
            modules=[
                'backbone.layers.1[01].ffn.layers.(0.2|2)',
                'head.fcs.0',
            ]),
    ])
