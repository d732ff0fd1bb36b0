# MC-DropConnect (after arXiv 2008.07426) on FER+ at 48 pixels: weights of the
# last residual block and of the classifier.
_base_ = ['../_base_/resnet-48px_ferplus.py']

model = dict(
    type='MCClassifier',
    num_passes=50,
    stochastic_layers=[
        dict(
            type='DropConnect',
            p=0.2,
            modules=[
                'backbone.layer4.1.conv[12]',
                'head.fcs.0',
            ]),
    ])
