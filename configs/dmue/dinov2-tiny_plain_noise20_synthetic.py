# What dinov2-tiny_dmue_noise20_synthetic and
# dinov2-tiny_poi_noise20_synthetic have to beat: the plain network on the
# same wrong labels, one class per image.
_base_ = ['../ldl/dinov2-tiny_one-label_synthetic.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=_base_.train_dataloader.dataset))
