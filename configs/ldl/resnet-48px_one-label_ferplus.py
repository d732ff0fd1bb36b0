# As resnet-48px_ldl_ferplus, on one class per image in place of the votes:
# what separates a method for single labels from the single labels.
_base_ = ['../_base_/resnet-48px_ferplus.py']

train_dataloader = dict(
    dataset=dict(pipeline=[
        *_base_.train_pipeline[:-1],
        dict(type='HardLabel'),
        _base_.train_pipeline[-1],
    ]))
