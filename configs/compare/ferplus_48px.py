# UAR or something else? One network, one data set, one schedule, FER+ at 48
# pixels: `python tools/compare.py configs/compare/ferplus_48px.py`.

# The table has the paired difference of every method from this one.
reference = 'LDL'
methods = [
    dict(
        name='UAR ensemble',
        config='configs/uar/resnet-48px_ens-16e_ferplus.py',
        # what `tools/train.py` of that config has trained is used
        train_dir='work_dirs/resnet-48px_ens-16e_ferplus'),
    # Every member is a label-distribution network: not trained again. The row
    # is their mean; member 0 is tested alone, for the costs.
    dict(
        name='LDL',
        config='configs/ldl/resnet-48px_ldl_ferplus.py',
        weights=dict(
            method='UAR ensemble',
            file='member_0/member.pth',
            all_members=True)),
    # One network that rejects by the density of its features.
    dict(
        name='LDL + density',
        config='configs/ldl/resnet-48px_ldl-density_ferplus.py',
        weights=dict(method='UAR ensemble', file='member_0/member.pth')),
    # The same with a head for the entropy of the votes. In the next row that
    # head's prediction is held against the votes.
    dict(
        name='LDL, entropy head + density',
        config='configs/ldl/resnet-48px_ldl-entropy-density_ferplus.py'),
    dict(
        name='LDL, entropy head',
        config='configs/ldl/resnet-48px_ldl-entropy_ferplus.py',
        weights=dict(
            method='LDL, entropy head + density',
            file='member_0/member.pth')),
    # One class per image, as DMUE and POI-style learn from.
    dict(
        name='Plain, one label',
        config='configs/ldl/resnet-48px_one-label_ferplus.py'),
    dict(
        name='MC-Dropout',
        config='configs/mc_dropout/resnet-48px_mcdropout_ferplus.py'),
    dict(
        name='MC-DropConnect',
        config='configs/mc_dropconnect/'
        'resnet-48px_mcdropconnect_ferplus.py'),
    dict(
        name='Multi-head',
        config='configs/multi_head/resnet-48px_multihead_ferplus.py'),
    dict(
        name='Dirichlet LDL',
        config='configs/ldl/resnet-48px_dirichlet_ferplus.py'),
    # DMUE needs Adam: what the optimizer alone does.
    dict(
        name='Plain, one label, Adam',
        config='configs/ldl/resnet-48px_one-label_ferplus.py',
        cfg_options={
            'optim_wrapper.optimizer':
            dict(_delete_=True, type='Adam', lr=1e-3, weight_decay=1e-4)
        }),
    dict(name='DMUE', config='configs/dmue/resnet-48px_dmue_ferplus.py'),
    dict(name='POI-style', config='configs/poi/resnet-48px_poi_ferplus.py'),
]
