# What every config of this plugin shares.
custom_imports = dict(imports=['uar_mmpretrain'], allow_failed_imports=False)
default_scope = 'mmpretrain'

default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=50),
    param_scheduler=dict(type='ParamSchedulerHook'),
    # Two are kept: a training killed while it saves resumes from the other.
    checkpoint=dict(type='CheckpointHook', interval=1, max_keep_ckpts=2),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    visualization=dict(type='VisualizationHook', enable=False))
custom_hooks = [
    # Head, data set and checkpoint must mean the same classes.
    dict(type='ClassCheckHook'),
    # Warns when the test's corruptions were trained on.
    dict(type='CorruptionOverlapHook'),
    # Finds fitted further scores beside the tested checkpoint.
    dict(type='ChannelsHook'),
    # Writes work_dir/test: predictions, metrics.json, figures, the table.
    dict(type='ResultsHook'),
]

# As long as the logger's interval: a logged time is the mean of all iterations
# since the entry before it, not of the last ten.
log_processor = dict(window_size=50)

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'))
vis_backends = [dict(type='LocalVisBackend')]
visualizer = dict(type='UniversalVisualizer', vis_backends=vis_backends)

log_level = 'INFO'
load_from = None
resume = False
randomness = dict(seed=0, deterministic=False)
