# As resnet-48px_ldl_ferplus, with the Jensen-Shannon divergence: at most
# ln 2 for each image, so robust to bad votes.
_base_ = ['../_base_/resnet-48px_ferplus.py']

model = dict(head=dict(loss=dict(type='SoftTargetLoss', divergence='js')))
