# FER+ at the images' own 48 pixels.
data_root = 'data/ferplus'
dataset_type = 'FERPlus'

train_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='RandomFlip', prob=0.5, direction='horizontal'),
    # Geometry only: augmenting with what the corruption test applies (noise,
    # blur, brightness, contrast, JPEG) would make the shift familiar.
    dict(type='NumpyToPIL', to_rgb=True),
    dict(
        type='torchvision/RandomAffine',
        degrees=12,
        translate=(0.08, 0.08),
        scale=(0.85, 1.15),
        interpolation='bilinear',
        fill=128),
    dict(type='PILToNumpy', to_bgr=True),
    dict(type='PackFERInputs'),
]
val_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='PackFERInputs'),
]
test_pipeline = [
    dict(type='LoadFaceImage'),
    # ImageNet-C's constants for 224 pixels, applied at 48.
    dict(type='Corrupt', params='imagenet'),
    dict(type='PackFERInputs'),
]

# For pictures of any size and colour: FER+ is grey.
infer_pipeline = [
    dict(type='Resize', scale=(48, 48), interpolation='area'),
    # all colour taken away; grey pixels stay exactly as they are
    dict(
        type='ColorTransform', magnitude=-1, prob=1., random_negative_prob=0.),
    dict(type='PackFERInputs'),
]

train_dataloader = dict(
    batch_size=128,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        split='train',
        label_rule='raw',
        pipeline=train_pipeline),
    drop_last=True)
val_dataloader = dict(
    batch_size=256,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        split='val',
        # routers are calibrated here: no picture that was trained on
        dedup='drop_from_eval',
        label_rule='raw',
        pipeline=val_pipeline))
test_dataloader = dict(
    batch_size=256,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='CorruptionSuite',
        corruptions='standard',
        dataset=dict(
            type=dataset_type,
            data_root=data_root,
            split='test',
            label_rule='raw',
            # accuracy on the images FER+'s own majority rule keeps
            eval_rule='official_majority',
            pipeline=test_pipeline)))
