# POI-style on drawn faces, which bring their action units. The class with
# most votes is the annotation.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

model = dict(
    type='POIClassifier',
    # From scratch the ramp only costs time (docs/poi.md).
    ramp_end=0.,
    pin=dict(backbone=_base_.model.backbone, in_channels=96),
    # class token and mean patch token
    confidence=dict(in_channels=192))
