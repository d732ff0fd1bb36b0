# Label distribution learning on drawn faces: one member of
# configs/uar/dinov2-tiny_ens_synthetic.py.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']
