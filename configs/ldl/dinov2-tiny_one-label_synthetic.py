# As dinov2-tiny_ldl_synthetic, on one class per image in place of the votes:
# what separates a method for single labels from the single labels.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

train_dataloader = dict(
    dataset=dict(pipeline=[
        *_base_.train_pipeline[:-1],
        dict(type='HardLabel'),
        _base_.train_pipeline[-1],
    ]))
