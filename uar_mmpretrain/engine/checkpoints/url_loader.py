"""Checkpoints from a URL: downloaded, then read as any local file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import torch
from mmengine.runner import CheckpointLoader, checkpoint


def load_from_url(url: str,
                  model_dir: str | None = None,
                  map_location: Any = None,
                  progress: bool = True) -> Any:
    """Download a checkpoint, once, and load it without running anything.

    Args:
        url (str): Address of a ``.pth``, ``.bin`` or ``.safetensors`` file.
        model_dir (str, optional): Folder to keep it in; by default
            ``hub/checkpoints`` of ``TORCH_HOME``, as torch does.
        map_location (Any): As for ``torch.load``.
        progress (bool): Show a progress bar.

    Returns:
        Any: What the file holds, commonly a dict.

    Raises:
        ValueError: If the file is damaged or would run code. It stays on the
            disk, and the message names it.
    """
    folder = Path(model_dir or Path(torch.hub.get_dir()) / 'checkpoints')
    file = folder / Path(urlparse(url).path).name
    if not file.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        # Writes beside and renames.
        torch.hub.download_url_to_file(url, str(file), progress=progress)
    return CheckpointLoader.load_checkpoint(str(file), map_location)


# torch's own function unpickles whatever was downloaded. All schemes of
# mmengine that download (https, torchvision, open-mmlab, mmcls) end here.
checkpoint.load_url = load_from_url
