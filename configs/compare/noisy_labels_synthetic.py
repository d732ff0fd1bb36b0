# Do methods made for wrong labels help where labels are wrong? DMUE, POI-style
# and the plain network on the same single labels, 0 to 30% of them wrong:
# `python tools/compare.py configs/compare/noisy_labels_synthetic.py`.
_dmue = 'configs/dmue/dinov2-tiny_dmue_noise20_synthetic.py'
_poi = 'configs/poi/dinov2-tiny_poi_noise20_synthetic.py'
_methods = {
    'Plain': ('configs/dmue/dinov2-tiny_plain_noise20_synthetic.py', {}),
    # Its confidence is frozen, with which it learns faster from scratch: the
    # half of DMUE that is made for wrong labels is a fixed random function.
    'DMUE': (_dmue, {}),
    'DMUE, confidence trained': (_dmue, {
        'model.freeze_confidence': False
    }),
    # Its action units are those the faces are drawn from, never wrong.
    'POI-style': (_poi, {}),
    'POI-style without action units': (_poi, {
        'model.pin.prior_weight': 0.
    }),
}
methods = [
    dict(
        name=f'{name}, {percent}% wrong',
        config=config,
        cfg_options={
            'train_dataloader.dataset.fraction': percent / 100,
            **options
        }) for percent in (0, 10, 20, 30)
    for name, (config, options) in _methods.items()
]
# The question is accuracy on right labels; one corruption keeps the tests
# short.
shared_options = {'test_dataloader.dataset.corruptions': ['gaussian_noise']}
