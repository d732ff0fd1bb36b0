# POI-style on FER+ at 48 pixels, without action units: the prior is off, the
# regions teach each other. The class with most votes is the annotation.
_base_ = ['../_base_/resnet-48px_ferplus.py']

model = dict(
    type='POIClassifier',
    # From scratch the ramp only costs time (docs/poi.md).
    ramp_end=0.,
    pin=dict(
        # the same network without its last stage: a map of 6 x 6 cells
        backbone=dict(
            _base_.model.backbone,
            num_stages=3,
            strides=(1, 2, 2),
            dilations=(1, 1, 1),
            out_indices=(2, )),
        in_channels=128),
    confidence=dict(in_channels=256))
