# What resnet-48px_dmue_noise20_ferplus and resnet-48px_poi_noise20_ferplus
# have to beat: the plain network on the same wrong labels, one class per
# image.
_base_ = ['../ldl/resnet-48px_one-label_ferplus.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=_base_.train_dataloader.dataset))
