# DMUE (arXiv 2104.00232) on drawn faces: the last of four blocks branches.
# The votes are not used, only the class they name.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

model = dict(
    type='DMUEClassifier',
    # a third of the training
    ramp_epochs=5,
    head=dict(type='BNNeckHead'))

train_dataloader = dict(
    batch_sampler=dict(type='BalancedMinCountSampler'), drop_last=False)
