# A ResNet-18 of half width for 48-pixel faces: small enough for two CPU
# cores.
data_preprocessor = dict(
    num_classes=8,
    # mean and spread of FER2013's grey values
    mean=[129., 129., 129.],
    std=[65., 65., 65.],
    to_rgb=False)

model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='SmallImageResNet',
        depth=18,
        stem_channels=32,
        base_channels=32,
        num_stages=4,
        strides=(1, 2, 2, 2),
        out_indices=(3, ),
        style='pytorch',
        # torch's own initial weights: mmpretrain's are 2.4 times as large and
        # batch norm turns that into a 6 times lower learning rate, too slow
        # for a short training.
        zero_init_residual=False,
        init_cfg=[
            dict(
                type='Kaiming',
                layer='Conv2d',
                a=5**0.5,
                mode='fan_in',
                nonlinearity='leaky_relu',
                distribution='uniform'),
            dict(type='Constant', layer=['_BatchNorm', 'GroupNorm'], val=1),
        ]),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='EnsembleClsHead',
        num_members=1,
        num_classes=8,
        in_channels=256))
