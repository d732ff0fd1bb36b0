# AffectNet at 224 pixels, eight classes, one label per image. The test set is
# not released: everyone reports on validation, so a slice of train serves to
# calibrate.
data_root = 'data/affectnet'
dataset_type = 'AffectNet'

train_pipeline = [
    dict(type='LoadFaceImage'),
    # the csv release holds whole pictures and a face box each
    dict(type='CropBox', margin=0.1),
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
    # the csv release holds whole pictures and a face box each
    dict(type='CropBox', margin=0.1),
    dict(type='Resize', scale=(224, 224), interpolation='bicubic'),
    dict(type='PackFERInputs'),
]
test_pipeline = [
    dict(type='LoadFaceImage'),
    # the csv release holds whole pictures and a face box each
    dict(type='CropBox', margin=0.1),
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
