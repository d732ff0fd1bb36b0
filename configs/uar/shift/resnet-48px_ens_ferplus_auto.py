# resnet-48px_ens_ferplus_strong under a shift with constants by image size: at
# 48 pixels those of Tiny ImageNet-C.
_base_ = './resnet-48px_ens_ferplus_strong.py'

test_pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='Corrupt', params='auto'),
    dict(type='PackFERInputs'),
]
test_dataloader = dict(dataset=dict(dataset=dict(pipeline=test_pipeline)))
