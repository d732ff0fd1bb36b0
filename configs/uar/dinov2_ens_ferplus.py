# Uncertainty-aware routing (arXiv 2606.22725): a deep ensemble of fully
# fine-tuned DINOv2 ViT-S/14.
_base_ = [
    '../_base_/models/dinov2-small.py',
    '../_base_/datasets/ferplus_224px.py',
    '../_base_/schedules/adamw_dinov2_20e.py',
    '../_base_/evaluation.py',
    '../_base_/default_runtime.py',
]

runner_type = 'EnsembleRunner'
ensemble = dict(num_members=5)
