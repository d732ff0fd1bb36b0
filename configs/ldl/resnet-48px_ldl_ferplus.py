# Label distribution learning: one ResNet-18 of half width on FER+ at 48
# pixels, soft cross-entropy on the raw votes. Exactly one member of
# configs/uar/resnet-48px_ens-16e_ferplus.py: its member checkpoints can be
# tested with this config.
_base_ = ['../_base_/resnet-48px_ferplus.py']
