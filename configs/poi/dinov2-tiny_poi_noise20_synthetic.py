# dinov2-tiny_poi_synthetic with a fifth of the training labels made wrong;
# the action units stay right. Another share:
# --cfg-options train_dataloader.dataset.fraction=0.1
_base_ = ['./dinov2-tiny_poi_synthetic.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=_base_.train_dataloader.dataset))
