"""Uncertainty-aware routing for facial expression recognition.

Importing the package registers its modules with mmpretrain and mmengine, so a
config needs only ``custom_imports = dict(imports=['uar_mmpretrain'])``. Where
those are not installed nothing is registered; what runs exported models
(:mod:`uar_mmpretrain.deploy`) works all the same.
"""

from .version import __version__

__all__ = ['__version__', 'datasets', 'engine', 'evaluation', 'models']

try:
    from . import compat

    # Before anything imports mmpretrain: torchvision may not import without.
    compat.apply()

    from . import datasets, engine, evaluation, models
except ModuleNotFoundError as error:
    if error.name not in ('torch', 'mmengine', 'mmcv', 'mmpretrain'):
        raise
    __all__ = ['__version__']
