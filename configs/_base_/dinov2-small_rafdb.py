# What every method trained on RAF-DB shares: DINOv2 ViT-S/14, the data and the
# schedule.
_base_ = [
    './models/dinov2-small.py',
    './datasets/rafdb_224px.py',
    './schedules/adamw_dinov2_20e.py',
    './evaluation.py',
    './default_runtime.py',
]

# RAF-DB has no contempt.
model = dict(head=dict(num_classes=7))
data_preprocessor = dict(num_classes=7)
