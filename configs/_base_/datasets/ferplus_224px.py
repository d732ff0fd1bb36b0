# FER+ enlarged from 48 to 224 pixels: 16 x 16 patches for DINOv2.
data_root = 'data/ferplus'
dataset_type = 'FERPlus'

train_pipeline = [
    dict(type='LoadFaceImage'),
    dict(
        type='RandomResizedCrop',
        scale=224,
        crop_ratio_range=(0.7, 1.0),
        backend='cv2',
        interpolation='bicubic'),
    dict(type='RandomFlip', prob=0.5, direction='horizontal'),
    dict(type='PackFERInputs'),
]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='Resize', scale=(224, 224), interpolation='bicubic'),
    dict(type='PackFERInputs'),
]
test_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='Resize', scale=(224, 224), interpolation='bicubic'),
    # after Resize, at the network's input, as ImageNet-C does
    dict(type='Corrupt', params='imagenet'),
    dict(type='PackFERInputs'),
]

# For pictures of any size and colour: FER+ is grey.
infer_pipeline = [
    dict(type='Resize', scale=(224, 224), interpolation='bicubic'),
    # all colour taken away; grey pixels stay exactly as they are
    dict(
        type='ColorTransform', magnitude=-1, prob=1., random_negative_prob=0.),
    dict(type='PackFERInputs'),
]

train_dataloader = dict(
    batch_size=64,
    num_workers=8,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        split='train',
        pipeline=train_pipeline),
    drop_last=True)
val_dataloader = dict(
    batch_size=128,
    num_workers=8,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        split='val',
        # routers are calibrated here: no picture that was trained on
        dedup='drop_from_eval',
        pipeline=val_pipeline))
test_dataloader = dict(
    batch_size=128,
    num_workers=8,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='CorruptionSuite',
        corruptions='standard',
        dataset=dict(
            type=dataset_type,
            data_root=data_root,
            split='test',
            pipeline=test_pipeline)))
