# As dinov2_ens_ferplus, with ViT-B/14 members.
_base_ = ['./dinov2_ens_ferplus.py']

model = dict(
    backbone=dict(
        arch='base',
        init_cfg=dict(
            checkpoint='https://dl.fbaipublicfiles.com/dinov2/dinov2_vitb14/'
            'dinov2_vitb14_pretrain.pth')),
    head=dict(in_channels=768))
