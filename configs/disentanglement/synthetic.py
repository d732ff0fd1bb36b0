# Disentanglement error (arXiv 2408.12175) on drawn faces: ensembles of a
# small network along growing label noise and growing training sets, for
# tools/analysis_tools/disentanglement.py.
_base_ = [
    '../_base_/models/resnet18-48px.py',
    '../_base_/datasets/synthetic_48px.py',
    '../_base_/default_runtime.py',
]

runner_type = 'EnsembleRunner'
ensemble = dict(num_members=3)

disentanglement = dict(
    # share of permuted labels, in the training and in the test set
    noise=[0., 0.1, 0.2, 0.3, 0.5],
    # share of every class that is trained on
    sizes=[0.05, 0.1, 0.25, 0.5, 1.],
    repetitions=2)

model = dict(
    backbone=dict(
        stem_channels=16,
        base_channels=16,
        num_stages=2,
        strides=(2, 2),
        dilations=(1, 1),
        out_indices=(1, )),
    # Where a feature is seen is kept: so small a network learns faster from
    # aligned faces than by averaging over the image.
    neck=dict(
        _delete_=True,
        type='LinearNeck',
        in_channels=32 * 4 * 4,
        out_channels=64,
        gap_dim=0,
        norm_cfg=dict(type='BN1d'),
        act_cfg=dict(type='ReLU')),
    head=dict(in_channels=64))

train_dataloader = dict(dataset=dict(num_images=2400, image_size=32))
test_dataloader = dict(
    dataset=dict(dataset=dict(num_images=1000, image_size=32)))
test_cfg = dict()

optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=3e-3, weight_decay=0.05))
param_scheduler = [
    dict(
        type='LinearLR',
        start_factor=0.1,
        by_epoch=True,
        end=1,
        convert_to_iter_based=True),
    dict(
        type='CosineAnnealingLR',
        T_max=4,
        eta_min=1e-5,
        by_epoch=True,
        begin=1,
        end=5,
        convert_to_iter_based=True),
]
train_cfg = dict(by_epoch=True, max_epochs=5)
