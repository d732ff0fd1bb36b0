# MC-DropConnect (after arXiv 2008.07426) with DINOv2 ViT-S/14 on RAF-DB:
# weights of the last block's MLP and of the classifier.
_base_ = ['../_base_/dinov2-small_rafdb.py']

model = dict(
    type='MCClassifier',
    num_passes=50,
    stochastic_layers=[
        dict(
            type='DropConnect',
            p=0.2,
            modules=[
                'backbone.layers.11.ffn.layers.(0.0|1)',
                'head.fcs.0',
            ]),
    ])
