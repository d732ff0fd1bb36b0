# resnet-48px_ens_ferplus_strong under a milder shift: each image is enlarged
# to 224 pixels, corrupted there with ImageNet-C's constants, and reduced to
# 48. Clean images are those of the other settings, untouched, so that the
# votes, the ambiguous faces and everything fitted on clean images are the
# same.
_base_ = './resnet-48px_ens_ferplus_strong.py'

test_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='Corrupt', params='imagenet', at_size=224),
    dict(type='PackFERInputs'),
]
test_dataloader = dict(dataset=dict(dataset=dict(pipeline=test_pipeline)))
