# RAF-DB has one label per image: targets are mixed with the predictions for
# similar images (LDLVA-style, see docs/ldl.md for what differs).
_base_ = ['./dinov2_classdist_rafdb.py']

model = dict(
    head=dict(
        _delete_=True,
        type='NeighbourHead',
        num_classes=7,
        in_channels=384,
        with_patch_mean=True,
        # the training images left by the validation split
        num_images=11045))

# No layer-wise decay: the share of each label needs a learning rate of its
# own. Not tuned.
optim_wrapper = dict(
    _delete_=True,
    type='OptimWrapper',
    optimizer=dict(
        type='AdamW', lr=3e-5, weight_decay=0.05, betas=(0.9, 0.999)),
    paramwise_cfg=dict(
        norm_decay_mult=0.0,
        bias_decay_mult=0.0,
        custom_keys={
            '.cls_token': dict(decay_mult=0.0),
            '.pos_embed': dict(decay_mult=0.0),
            '.label_logits': dict(lr_mult=1000., decay_mult=0.0),
        }),
    clip_grad=dict(max_norm=3.0))
