# resnet-48px_dmue_ferplus with a fifth of the training labels made wrong.
# Another share: --cfg-options train_dataloader.dataset.fraction=0.1
_base_ = ['./resnet-48px_dmue_ferplus.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=_base_.train_dataloader.dataset))
