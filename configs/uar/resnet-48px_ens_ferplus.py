# A deep ensemble for two CPU cores: 4 x ResNet-18 of half width on FER+ at 48
# pixels, in an hour with `tools/train.py CONFIG --parallel-members 2`.
#
# Against the short recipe it builds on: more epochs in not as much more time,
# by showing small pictures first (progressive resizing): 17 of 28 epochs see
# 32 x 32 pixels, and the last 11 the whole picture. The weight decay was chosen
# on Valid (README.md of this folder).
_base_ = './resnet-48px_ens-16e_ferplus.py'

small_pipeline = [
    *_base_.train_pipeline[:-1],
    dict(type='Resize', scale=(32, 32), interpolation='area'),
    _base_.train_pipeline[-1],
]
train_dataloader = dict(
    # Two trainings fill two cores: a loading process would only take turns
    # with them, and hand over what it has read (a sixth slower).
    num_workers=0,
    persistent_workers=False,
    dataset=dict(pipeline=small_pipeline))
custom_hooks = [
    *_base_.custom_hooks,
    dict(
        type='SwitchRecipeHook',
        schedule=[
            dict(action_epoch=18, train_pipeline=_base_.train_pipeline)
        ]),
]

optim_wrapper = dict(optimizer=dict(weight_decay=1e-3))
param_scheduler = [
    _base_.param_scheduler[0],
    dict(_base_.param_scheduler[1], T_max=26, end=28),
]
train_cfg = dict(max_epochs=28, val_interval=7)
