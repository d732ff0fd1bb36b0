# Label distribution learning: one fully fine-tuned DINOv2 ViT-S/14 on the
# raw votes of FER+; one member of configs/uar/dinov2_ens_ferplus.py.
_base_ = [
    '../_base_/models/dinov2-small.py',
    '../_base_/datasets/ferplus_224px.py',
    '../_base_/schedules/adamw_dinov2_20e.py',
    '../_base_/evaluation.py',
    '../_base_/default_runtime.py',
]
