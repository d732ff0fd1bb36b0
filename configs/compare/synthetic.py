# UAR or something else? On drawn faces, nothing to download:
# `python tools/compare.py configs/compare/synthetic.py`.
methods = [
    dict(
        name='UAR ensemble',
        config='configs/uar/dinov2-tiny_ens_synthetic.py'),
    # One member is a label-distribution network: not trained again.
    dict(
        name='LDL',
        config='configs/ldl/dinov2-tiny_ldl_synthetic.py',
        weights=dict(method='UAR ensemble', file='member_0/member.pth')),
    dict(
        name='MC-Dropout',
        config='configs/mc_dropout/dinov2-tiny_mcdropout_synthetic.py'),
    dict(
        name='MC-DropConnect',
        config='configs/mc_dropconnect/'
        'dinov2-tiny_mcdropconnect_synthetic.py'),
    # three classifiers on one backbone, each with its own bootstrap weights
    dict(
        name='Multi-head',
        config='configs/ldl/dinov2-tiny_ldl_synthetic.py',
        cfg_options={
            'model.head.num_members': 3,
            'model.head.bootstrap': True
        }),
    dict(
        name='Dirichlet LDL',
        config='configs/ldl/dinov2-tiny_dirichlet_synthetic.py'),
    dict(name='DMUE', config='configs/dmue/dinov2-tiny_dmue_synthetic.py'),
    dict(name='POI-style', config='configs/poi/dinov2-tiny_poi_synthetic.py'),
]
