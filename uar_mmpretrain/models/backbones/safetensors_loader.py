"""Let mmengine load ``.safetensors`` files, as Hugging Face ships them."""

from __future__ import annotations

from typing import Any

from mmengine.runner import CheckpointLoader
from torch import Tensor


@CheckpointLoader.register_scheme(prefixes=r'.*\.safetensors$', force=True)
def load_from_safetensors(filename: str,
                          map_location: Any = None) -> dict[str, Tensor]:
    """Load a local safetensors file, onto the CPU.

    Args:
        filename: Path of the file.
        map_location: Taken and not used, as mmengine passes it.

    Returns:
        dict[str, Tensor]: The state dict.

    Raises:
        ImportError: If the safetensors package is not installed.
    """
    try:
        from safetensors.torch import load_file
    except ImportError as error:
        raise ImportError(
            f'{filename}: install the package safetensors to load it, or '
            'give a .bin or .pth file') from error
    return load_file(filename)
