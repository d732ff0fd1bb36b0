# Uncertainty-aware routing (arXiv 2606.22725): a deep ensemble of fully
# fine-tuned DINOv2 ViT-S/14.
_base_ = '../_base_/dinov2-small_rafdb.py'

runner_type = 'EnsembleRunner'
ensemble = dict(num_members=5)
