# Three classifiers on one small network of the DINOv2 architecture, drawn
# faces: the cheap ensemble. Each trains on a bootstrap replicate of its own.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

model = dict(head=dict(num_members=3, bootstrap=True))
