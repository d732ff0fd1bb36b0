# What dinov2-tiny_dmue_noise20_synthetic has to beat: the plain
# network on the same wrong labels.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=_base_.train_dataloader.dataset))
