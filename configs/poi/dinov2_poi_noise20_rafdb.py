# dinov2_poi_rafdb with a fifth of the training labels made wrong; the
# plain network on the same labels is configs/dmue/dinov2_plain_noise20_rafdb.
# Another share: --cfg-options train_dataloader.dataset.fraction=0.1
_base_ = ['./dinov2_poi_rafdb.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=_base_.train_dataloader.dataset))
