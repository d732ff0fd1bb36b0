# AdamW with warm-up and cosine decay for the small transformers.
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.05),
    clip_grad=dict(max_norm=1.0))
param_scheduler = [
    dict(
        type='LinearLR',
        start_factor=0.01,
        by_epoch=True,
        end=1,
        convert_to_iter_based=True),
    dict(
        type='CosineAnnealingLR',
        T_max=15,
        eta_min=1e-6,
        by_epoch=True,
        begin=1,
        end=16,
        convert_to_iter_based=True),
]
train_cfg = dict(by_epoch=True, max_epochs=16, val_interval=4)
val_cfg = dict()
test_cfg = dict()

auto_scale_lr = dict(base_batch_size=32)
