# A deep ensemble for two CPU cores: 4 x ResNet-18 of half width on FER+ at 48
# pixels, in an hour:
# `python tools/train.py configs/uar/resnet-48px_ens_ferplus.py
# --parallel-members 2`
_base_ = './resnet-48px_ens-16e_ferplus.py'

# Small pictures first (progressive resizing): 20 of 32 epochs see 32 x 32
# pixels, which takes two thirds of the time, and the last 12 the whole picture.
# Twice the epochs for 1.6 times the time.
small_pipeline = [
    *_base_.train_pipeline[:-1],
    dict(type='Resize', scale=(32, 32), interpolation='area'),
    _base_.train_pipeline[-1],
]
train_dataloader = dict(dataset=dict(pipeline=small_pipeline))
custom_hooks = [
    *_base_.custom_hooks,
    dict(
        type='SwitchRecipeHook',
        schedule=[
            dict(action_epoch=21, train_pipeline=_base_.train_pipeline)
        ]),
]

param_scheduler = [
    dict(
        type='LinearLR',
        start_factor=0.04,
        by_epoch=True,
        end=2,
        convert_to_iter_based=True),
    dict(
        type='CosineAnnealingLR',
        T_max=30,
        eta_min=1e-5,
        by_epoch=True,
        begin=2,
        end=32,
        convert_to_iter_based=True),
]
train_cfg = dict(max_epochs=32, val_interval=4)
