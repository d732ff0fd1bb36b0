"""Let torchvision import beside a torch build its compiled ops reject.

torchvision registers meta kernels for ``torchvision::nms`` (and newer
versions ``torchvision::qnms``) at import. When its compiled library cannot be
loaded, for example a CUDA build of torchvision beside a CPU build of torch,
the operators do not exist and ``import torchvision`` fails with "operator
torchvision::nms does not exist". Declaring the two schemas is enough for the
import; nothing in this package calls the operators, and calling one still
fails with torch's own "no kernel" message.
"""

from __future__ import annotations

import importlib.util
import logging
import sys

import torch

logger = logging.getLogger(__name__)

_SCHEMAS = ('nms', 'qnms')
_SIGNATURE = '(Tensor dets, Tensor scores, float iou_threshold) -> Tensor'

# torch drops a declaration when its Library object is collected.
_libraries: list[torch.library.Library] = []


def declare_missing_torchvision_ops() -> list[str]:
    """Declare the torchvision operators whose compiled library is absent.

    Does nothing when torchvision is not installed, is already imported, or
    imports as it stands.

    Returns:
        list[str]: Names of the operators declared, empty if none was needed.

    Raises:
        ImportError, RuntimeError: If torchvision fails to import for any
            other reason; its own error.
    """
    if ('torchvision' in sys.modules
            or importlib.util.find_spec('torchvision') is None):
        return []
    try:
        import torchvision  # noqa: F401
        return []
    except RuntimeError as error:
        if 'torchvision::' not in str(error):
            raise
    _forget_half_imported('torchvision')
    for name in _SCHEMAS:
        library = torch.library.Library('torchvision', 'FRAGMENT')
        library.define(name + _SIGNATURE)
        _libraries.append(library)
    import torchvision  # noqa: F401
    logger.debug(
        'torchvision %s: compiled ops not loadable beside torch %s; declared '
        'the schemas of %s so that it imports', torchvision.__version__,
        torch.__version__, ', '.join(_SCHEMAS))
    return list(_SCHEMAS)


def _forget_half_imported(package: str) -> None:
    """Drop the submodules a failed import left in ``sys.modules``."""
    for name in list(sys.modules):
        if name == package or name.startswith(package + '.'):
            del sys.modules[name]
