"""A checkpoint with all that lies beside it -> one ONNX file."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from ..apis.load_model import load_model
from ..apis.pipeline import build_pipeline
from ..engine.checkpoints import read_checkpoint
from ..routing import fingerprint_weights
from .export import export_onnx
from .metadata import Metadata
from .preprocessing import INTERPOLATIONS, Preprocessing


def export_checkpoint(checkpoint: str | Path,
                      out: str | Path,
                      config: str | Path | None = None,
                      router: str | Path | None = None,
                      input_size: int | None = None) -> Metadata:
    """Export a checkpoint with its config, router and channels.

    Args:
        checkpoint (str | Path): An ``ensemble.pth``, or a checkpoint of any
            classifier with a softmax.
        out (str | Path): ONNX file to write.
        config (str | Path | None): Config of the training, where the
            checkpoint does not hold it.
        router (str | Path | None): Router file, by default ``router.json``
            beside the checkpoint. Without one the graph has no actions.
        input_size (int | None): Pixels of the network's square images, where
            the config does not say.

    Returns:
        Metadata: What the file says of itself.

    Raises:
        FileNotFoundError, ValueError: If the checkpoint, the config or the
            router do not fit each other, or the pipeline cannot be done
            outside OpenMMLab.
        ImportError, RuntimeError: See :func:`export_onnx`.
    """
    loaded = load_model(checkpoint, config, router)
    preprocessing = find_preprocessing(
        build_pipeline(loaded.config, input_size),
        loaded.model.data_preprocessor)
    weights = read_checkpoint(checkpoint)['state_dict']
    return export_onnx(
        loaded.model, out, classes=loaded.classes, router=loaded.router,
        preprocessing=preprocessing,
        provenance=dict(checkpoint=Path(checkpoint).name,
                        fingerprint=fingerprint_weights(weights)))


def find_preprocessing(pipeline: Callable[[np.ndarray], dict[str, Any]],
                       preprocessor: Any) -> Preprocessing:
    """Find what gives the same pixels as a pipeline, by trying it.

    Args:
        pipeline (Callable): ``(H, W, 3)`` uint8 BGR image -> ``inputs``, the
            ``(3, h, w)`` uint8 BGR image of the network.
        preprocessor (Any): mmpretrain's ``ClsDataPreprocessor``.

    Returns:
        Preprocessing: The same as both.

    Raises:
        ValueError: If the pipeline does more than resize and make grey.
    """
    normalisation: dict[str, Any] = dict(to_rgb=preprocessor.to_rgb)
    if getattr(preprocessor, 'mean', None) is not None:
        normalisation.update(mean=preprocessor.mean.flatten().tolist(),
                             std=preprocessor.std.flatten().tolist())
    generator = np.random.default_rng(0)
    # Small and large, wide and high: what is done differs.
    images = [generator.integers(0, 256, (*size, 3), np.uint8)
              for size in ((30, 40), (70, 50), (300, 420), (640, 480))]
    expected = [np.asarray(pipeline(image)['inputs']).transpose(1, 2, 0)
                for image in images]
    height, width = expected[0].shape[:2]
    for grayscale, interpolation in product((False, True), INTERPOLATIONS):
        found = Preprocessing(height, width, interpolation, grayscale,
                              **normalisation)
        if all(np.array_equal(found.prepare(image), pixels)
               for image, pixels in zip(images, expected)):
            return found
    raise ValueError(
        'the pipeline of the config does more than resize pictures to '
        f'{height} x {width} pixels with OpenCV and take away their colour, '
        'which is all that an exported model does by itself. Add an '
        'infer_pipeline with one Resize to the config, and do the rest '
        'before.')
