# DMUE (arXiv 2104.00232) on FER+ at 48 pixels: the last stage branches. The
# votes are not used, only the class they name.
_base_ = ['../_base_/resnet-48px_ferplus.py']

model = dict(
    type='DMUEClassifier',
    # a third of the training
    ramp_epochs=5,
    # From scratch the official settings, logits compared and a dropout of
    # 0.5, learn next to nothing, and a confidence that learns makes it
    # slower (docs/dmue.md).
    gram_source='feature',
    freeze_confidence=True,
    head=dict(type='BNNeckHead', dropout=0.))

train_dataloader = dict(
    batch_sampler=dict(type='BalancedMinCountSampler'), drop_last=False)

# As in the official code Adam: the first gradients of the similarities, in
# the thousands, are too large for SGD.
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='Adam', lr=1e-3, weight_decay=1e-4))
