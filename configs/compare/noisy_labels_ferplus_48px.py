# Do methods made for wrong labels help where labels are wrong? As in
# noisy_labels_synthetic.py, on FER+ at 48 pixels, where there are no action
# units:
# `python tools/compare.py configs/compare/noisy_labels_ferplus_48px.py`.
# DMUE differs from the others by its optimiser, too: it needs Adam, and what
# Adam alone does is a row of ferplus_48px.py.
_dmue = 'configs/dmue/resnet-48px_dmue_noise20_ferplus.py'
_methods = {
    'Plain': ('configs/dmue/resnet-48px_plain_noise20_ferplus.py', {}),
    'DMUE': (_dmue, {}),
    'DMUE, confidence trained': (_dmue, {
        'model.freeze_confidence': False
    }),
    'POI-style': ('configs/poi/resnet-48px_poi_noise20_ferplus.py', {}),
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
