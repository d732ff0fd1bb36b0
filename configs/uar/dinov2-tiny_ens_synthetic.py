# The demo: three small networks of the DINOv2 architecture on drawn faces.
_base_ = '../_base_/dinov2-tiny_synthetic.py'

runner_type = 'EnsembleRunner'
ensemble = dict(num_members=3)
