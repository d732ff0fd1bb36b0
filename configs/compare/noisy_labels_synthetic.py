# Do methods made for wrong labels help where labels are wrong? DMUE, POI-style
# and the plain network on the same single labels, 0 to 30% of them wrong:
# `python tools/compare.py configs/compare/noisy_labels_synthetic.py`.
_configs = {
    'Plain': 'configs/dmue/dinov2-tiny_plain_noise20_synthetic.py',
    'DMUE': 'configs/dmue/dinov2-tiny_dmue_noise20_synthetic.py',
    'POI-style': 'configs/poi/dinov2-tiny_poi_noise20_synthetic.py',
}
methods = [
    dict(
        name=f'{name}, {percent}% wrong',
        config=config,
        cfg_options={'train_dataloader.dataset.fraction': percent / 100})
    for percent in (0, 10, 20, 30) for name, config in _configs.items()
]
# The question is accuracy on right labels; one corruption keeps the tests
# short.
shared_options = {'test_dataloader.dataset.corruptions': ['gaussian_noise']}
