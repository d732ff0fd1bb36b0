"""Common image corruptions (ImageNet-C), pure NumPy, OpenCV and Pillow.

One public function, :func:`corrupt`, and a registry behind it. The result
depends only on the pixels and on ``(seed, image_id, name, severity)``: never
on global random state, on the process, or on what was corrupted before.

Adding a corruption takes three steps and changes nothing else:

1. ``severities.py``: its constants, five per parameter set.
2. The file of its family (``noise``, ``blur``, ``weather``, ``digital``): a
   function ``apply(image, params, draws)`` on contiguous HWC uint8 **BGR**
   that returns a new array and leaves its input alone, under
   ``@register(name)``.
3. If it is random, ``draw(key, shape, params)`` beside it, passed as
   ``@register(name, draw=...)``. ``draw`` makes every random number from the
   bits of :mod:`.seeding` (one numbered stream per field or set of scalars);
   ``apply`` makes none. So a test can feed the draws of another
   implementation to ``apply`` and compare pixels.

Reference: Hendrycks and Dietterich, "Benchmarking Neural Network Robustness
to Common Corruptions and Perturbations", ICLR 2019.
"""

# Importing a family registers its members.
from . import (  # noqa: F401
    blur,
    digital,
    elastic,
    fog,
    glass,
    noise,
    spatter,
    weather,
)
from .api import CLEAN, SEVERITIES, check_variant, corrupt, corrupt_with
from .options import Options
from .registry import Corruption, get, names, register
from .seeding import KEY_VERSION, Key
from .severities import PARAM_SETS

__all__ = [
    'CLEAN', 'Corruption', 'KEY_VERSION', 'Key', 'Options', 'PARAM_SETS',
    'SEVERITIES', 'check_variant', 'corrupt', 'corrupt_with', 'get', 'names',
    'register'
]
