# Faces drawn when first needed and kept in cache_dir: nothing to download.
# cache_dir=None draws them anew each time, to the same pixels.
dataset_type = 'SyntheticFaces'
cache_dir = 'data/synthetic_faces'

train_pipeline = [
    dict(type='RenderFace', cache_dir=cache_dir),
    dict(type='RandomFlip', prob=0.5, direction='horizontal'),
    dict(type='PackFERInputs'),
]
val_pipeline = [
    dict(type='RenderFace', cache_dir=cache_dir),
    dict(type='PackFERInputs'),
]
test_pipeline = [
    dict(type='RenderFace', cache_dir=cache_dir),
    dict(type='Corrupt', params='imagenet'),
    dict(type='PackFERInputs'),
]

# For pictures of any size.
infer_pipeline = [
    dict(type='Resize', scale=(48, 48), interpolation='area'),
    dict(type='PackFERInputs'),
]

train_dataloader = dict(
    batch_size=32,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        split='train',
        num_images=7000,
        image_size=48,
        pipeline=train_pipeline),
    drop_last=True)
val_dataloader = dict(
    batch_size=256,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        split='val',
        num_images=1000,
        image_size=48,
        pipeline=val_pipeline))
test_dataloader = dict(
    batch_size=256,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='CorruptionSuite',
        # one or two of each family, for time; 'standard' for all fifteen
        corruptions=[
            'gaussian_noise', 'defocus_blur', 'motion_blur', 'frost', 'fog',
            'jpeg_compression'
        ],
        dataset=dict(
            type=dataset_type,
            split='test',
            num_images=1000,
            image_size=48,
            pipeline=test_pipeline)))
