# POI-style on RAF-DB. Action units come from a table that a detector has
# written, see docs/poi.md; without the file the prior is off.
_base_ = ['../_base_/dinov2-small_rafdb.py']

model = dict(
    type='POIClassifier',
    pin=dict(backbone=_base_.model.backbone, in_channels=384),
    # class token and mean patch token
    confidence=dict(in_channels=768))

train_pipeline = [
    dict(type='LoadActionUnits', ann_file='data/raf-db/action_units.csv'),
    *_base_.train_pipeline,
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
