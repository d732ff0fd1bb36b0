# UAR or something else? On drawn faces, nothing to download:
# `python tools/compare.py configs/compare/synthetic.py`.

# The table has the paired difference of every method from this one.
reference = 'LDL'
methods = [
    dict(
        name='UAR ensemble',
        config='configs/uar/dinov2-tiny_ens_synthetic.py'),
    # Every member is a label-distribution network: not trained again. The row
    # is their mean; member 0 is tested alone, for the costs.
    dict(
        name='LDL',
        config='configs/ldl/dinov2-tiny_ldl_synthetic.py',
        weights=dict(
            method='UAR ensemble',
            file='member_0/member.pth',
            all_members=True)),
    # One network that rejects by the density of its features.
    dict(
        name='LDL + density',
        config='configs/ldl/dinov2-tiny_ldl-density_synthetic.py',
        weights=dict(method='UAR ensemble', file='member_0/member.pth')),
    # The same with a head for the entropy of the votes. In the next row that
    # head's prediction is held against the votes.
    dict(
        name='LDL, entropy head + density',
        config='configs/ldl/dinov2-tiny_ldl-entropy-density_synthetic.py'),
    dict(
        name='LDL, entropy head',
        config='configs/ldl/dinov2-tiny_ldl-entropy_synthetic.py',
        weights=dict(
            method='LDL, entropy head + density',
            file='member_0/member.pth')),
    # One class per image, as DMUE and POI-style learn from.
    dict(
        name='Plain, one label',
        config='configs/ldl/dinov2-tiny_one-label_synthetic.py'),
    dict(
        name='MC-Dropout',
        config='configs/mc_dropout/dinov2-tiny_mcdropout_synthetic.py'),
    dict(
        name='MC-DropConnect',
        config='configs/mc_dropconnect/'
        'dinov2-tiny_mcdropconnect_synthetic.py'),
    dict(
        name='Multi-head',
        config='configs/multi_head/dinov2-tiny_multihead_synthetic.py'),
    dict(
        name='Dirichlet LDL',
        config='configs/ldl/dinov2-tiny_dirichlet_synthetic.py'),
    dict(name='DMUE', config='configs/dmue/dinov2-tiny_dmue_synthetic.py'),
    dict(name='POI-style', config='configs/poi/dinov2-tiny_poi_synthetic.py'),
]
