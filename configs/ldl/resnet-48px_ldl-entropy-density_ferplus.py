# As resnet-48px_ldl-density_ferplus, with the second head of
# resnet-48px_ldl-entropy_ferplus; member_0/member.pth can be tested with the
# config of that one.
_base_ = ['./resnet-48px_ldl-density_ferplus.py']

model = dict(
    head=dict(
        _delete_=True,
        type='EntropyHead',
        in_channels=256,
        head=_base_.model.head))
