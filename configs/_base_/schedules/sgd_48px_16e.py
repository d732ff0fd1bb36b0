# SGD with warm-up and cosine decay for the 48-pixel networks.
optim_wrapper = dict(
    # bfloat16 on the CPU: about 1.7 times faster on processors with
    # AVX512_BF16 or AMX; set type='OptimWrapper' on others.
    type='AutocastOptimWrapper',
    optimizer=dict(
        type='SGD', lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True))

param_scheduler = [
    dict(
        type='LinearLR',
        start_factor=0.04,
        by_epoch=True,
        end=2,
        convert_to_iter_based=True),
    dict(
        type='CosineAnnealingLR',
        T_max=14,
        eta_min=1e-5,
        by_epoch=True,
        begin=2,
        end=16,
        convert_to_iter_based=True),
]

train_cfg = dict(by_epoch=True, max_epochs=16, val_interval=2)
val_cfg = dict()
test_cfg = dict()

auto_scale_lr = dict(base_batch_size=128)
