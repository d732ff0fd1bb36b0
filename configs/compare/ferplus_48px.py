# UAR or something else? One network, one data set, one schedule, FER+ at 48
# pixels: `python tools/compare.py configs/compare/ferplus_48px.py`.
methods = [
    dict(
        name='UAR ensemble',
        config='configs/uar/resnet-48px_ens_ferplus.py',
        # what `tools/train.py` of that config has trained is used
        train_dir='work_dirs/resnet-48px_ens_ferplus'),
    # One member is a label-distribution network: not trained again.
    dict(
        name='LDL',
        config='configs/ldl/resnet-48px_ldl_ferplus.py',
        weights=dict(method='UAR ensemble', file='member_0/member.pth')),
    dict(
        name='MC-Dropout',
        config='configs/mc_dropout/resnet-48px_mcdropout_ferplus.py'),
    dict(
        name='MC-DropConnect',
        config='configs/mc_dropconnect/'
        'resnet-48px_mcdropconnect_ferplus.py'),
    # four classifiers on one backbone, each with its own bootstrap weights
    dict(
        name='Multi-head',
        config='configs/ldl/resnet-48px_ldl_ferplus.py',
        cfg_options={
            'model.head.num_members': 4,
            'model.head.bootstrap': True
        }),
    dict(
        name='Dirichlet LDL',
        config='configs/ldl/resnet-48px_dirichlet_ferplus.py'),
    dict(name='DMUE', config='configs/dmue/resnet-48px_dmue_ferplus.py'),
    dict(name='POI-style', config='configs/poi/resnet-48px_poi_ferplus.py'),
]
