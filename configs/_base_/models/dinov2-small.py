# One ensemble member: DINOv2 ViT-S/14, fully fine-tuned, soft-label head on
# the class token and the mean patch token.
data_preprocessor = dict(
    num_classes=8,
    # ImageNet statistics in RGB order, as DINOv2 was trained with
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    to_rgb=True)

model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='DINOv2',
        arch='small',
        img_size=224,
        drop_path_rate=0.1,
        out_type='raw',
        # The official weights. A local file does as well: the official .pth,
        # a Hugging Face or timm state dict, or mmpretrain's own file.
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://dl.fbaipublicfiles.com/dinov2/dinov2_vits14/'
            'dinov2_vits14_pretrain.pth')),
    head=dict(
        type='EnsembleClsHead',
        num_members=1,
        num_classes=8,
        in_channels=384,
        with_patch_mean=True))
