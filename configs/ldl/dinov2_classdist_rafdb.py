# RAF-DB has one label per image: targets are smoothed by the mean prediction
# for each class in the epoch before (Ada-DF's class distributions).
_base_ = ['../_base_/dinov2-small_rafdb.py']

model = dict(head=dict(type='ClassDistributionHead'))

custom_hooks = [
    *_base_.custom_hooks,
    dict(type='EpochTargetsHook'),
]
