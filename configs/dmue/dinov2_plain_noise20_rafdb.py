# What dinov2_dmue_noise20_rafdb has to beat: the plain
# network on the same wrong labels.
_base_ = ['../_base_/dinov2-small_rafdb.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=_base_.train_dataloader.dataset))
