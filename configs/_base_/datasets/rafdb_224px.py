# RAF-DB basic, aligned faces at 224 pixels. One label per image: without a
# distribution file there are no votes, and the aleatoric part cannot be
# checked against people.
data_root = 'data/raf-db'
dataset_type = 'RAFDB'

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
    # RAF-DB has no validation split: a tenth of train, stratified and seeded
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        split='val',
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
