"""Uncertainty-aware routing for facial expression recognition.

Importing the package registers its modules with mmpretrain and mmengine, so a
config needs only ``custom_imports = dict(imports=['uar_mmpretrain'])``.
"""

from . import compat

# Before anything imports mmpretrain: torchvision may not import without it.
compat.apply()

from . import datasets, engine, evaluation, models  # noqa: E402
from .version import __version__  # noqa: E402

__all__ = ['__version__', 'datasets', 'engine', 'evaluation', 'models']
