# DMUE (arXiv 2104.00232) with DINOv2 ViT-S/14 on RAF-DB: the last of twelve
# blocks branches.
_base_ = ['../_base_/dinov2-small_rafdb.py']

model = dict(
    type='DMUEClassifier',
    # about as much of the training as in the paper
    ramp_epochs=5,
    head=dict(type='BNNeckHead'))

train_dataloader = dict(
    batch_sampler=dict(type='BalancedMinCountSampler'), drop_last=False)
