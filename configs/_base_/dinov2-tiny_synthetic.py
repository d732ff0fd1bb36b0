# What every method trained on the drawn faces shares: a small network of the
# DINOv2 architecture, the data and the schedule.
_base_ = [
    './models/dinov2-tiny.py',
    './datasets/synthetic_48px.py',
    './schedules/adamw_tiny_16e.py',
    './evaluation.py',
    './default_runtime.py',
]
