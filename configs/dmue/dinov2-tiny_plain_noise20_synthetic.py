# What dinov2-tiny_dmue_noise20_synthetic and
# dinov2-tiny_poi_noise20_synthetic have to beat: the plain network on the
# same wrong labels, one class per image.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='NoisyLabels',
        fraction=0.2,
        dataset=dict(
            _base_.train_dataloader.dataset,
            pipeline=[
                *_base_.train_pipeline[:-1],
                dict(type='HardLabel'),
                dict(type='PackFERInputs'),
            ])))
