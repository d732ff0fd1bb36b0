# Four classifiers on one ResNet-18 of half width, FER+ at 48 pixels: the cheap
# ensemble. Each trains on a bootstrap replicate of its own.
_base_ = ['../_base_/resnet-48px_ferplus.py']

model = dict(head=dict(num_members=4, bootstrap=True))
