# As dinov2-tiny_ldl-density_synthetic, with the second head of
# dinov2-tiny_ldl-entropy_synthetic; member_0/member.pth can be tested with
# the config of that one.
_base_ = ['./dinov2-tiny_ldl-density_synthetic.py']

model = dict(
    head=dict(
        _delete_=True,
        type='EntropyHead',
        # class token and mean patch token
        in_channels=192,
        head=_base_.model.head))
