# The DINOv2 architecture at laptop size, trained from scratch on 48-pixel
# faces: 3 x 3 patches of 16 pixels, all that a few minutes can train.
data_preprocessor = dict(
    num_classes=8,
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    to_rgb=True)

model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='DINOv2',
        arch=dict(
            embed_dims=96,
            num_layers=4,
            num_heads=3,
            feedforward_channels=384),
        img_size=48,
        patch_size=16,
        # From scratch the small initial scale of DINOv2 only slows it down.
        layer_scale_init_value=1.0,
        out_type='raw'),
    head=dict(
        type='EnsembleClsHead',
        num_members=1,
        num_classes=8,
        in_channels=96,
        with_patch_mean=True))
