"""A model with its router -> one ONNX file."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..files.atomic_write import atomic_write
from ..routing import Action, Router
from ..version import __version__
from .graph import RoutedGraph
from .metadata import Metadata
from .preprocessing import Preprocessing
from .tracing import constant_masks

INPUT = 'images'
TOLERANCE = 1e-4
_OPSET = 20
# Of one protocol buffer.
_MAX_BYTES = 2**31 - 2**24


def export_onnx(model: nn.Module,
                path: str | Path,
                *,
                classes: Sequence[str],
                preprocessing: Preprocessing,
                router: Router | None = None,
                provenance: dict[str, Any] | None = None) -> Metadata:
    """Write pixels-to-action as one ONNX graph, and check it.

    The batch size is free, the size of the images is fixed. Before the file
    is put in place, onnxruntime has to give torch's numbers on random pixels.

    Args:
        model (nn.Module): An mmpretrain classifier on the CPU, see
            :class:`RoutedGraph`.
        path (str | Path): File to write (beside, then renamed).
        classes (Sequence[str]): C names.
        preprocessing (Preprocessing): Of the images.
        router (Router | None): Checked for classes and decomposition; that it
            belongs to the weights is for the caller to check.
        provenance (dict | None): Plain values to store.

    Returns:
        Metadata: What the file says of itself.

    Raises:
        ImportError: If onnx, onnxscript or onnxruntime is not installed, or
            torch is older than 2.6.
        ValueError: If the router was calibrated for something else, the model
            has another number of classes or 2 GiB of weights, does not
            predict by a softmax, or cannot be expressed in ONNX.
        RuntimeError: If onnxruntime's numbers are not torch's.
    """
    _check_packages()
    kind = getattr(model, 'kind', 'entropy')
    if router is not None:
        router.check(classes=classes, kind=kind)
    metadata = Metadata(
        classes=tuple(classes), kind=router.kind if router else kind,
        preprocessing=preprocessing,
        router=router.summary() if router else None,
        actions=tuple(action.name for action in Action),
        provenance=dict(provenance or {}, uar_mmpretrain=__version__,
                        torch=torch.__version__))
    graph = RoutedGraph(model, preprocessing, router, kind).eval()
    pixels = _random_pixels(preprocessing)
    expected = _expected(graph, pixels, len(classes))
    with atomic_write(path) as beside:
        _write(graph, pixels, list(expected), metadata, beside)
        _compare(beside, pixels, expected)
    return metadata


def _check_packages() -> None:
    for name in ('onnx', 'onnxscript', 'onnxruntime'):
        if importlib.util.find_spec(name) is None:
            raise ImportError(f'exporting needs {name}: pip install '
                              "'uar_mmpretrain[deploy]'.")
    options = inspect.signature(torch.onnx.export).parameters
    if 'custom_translation_table' not in options:
        raise ImportError(f'exporting needs torch 2.6 or newer; this is '
                          f'{torch.__version__}. The exported file runs '
                          'without torch.')


def _random_pixels(preprocessing: Preprocessing) -> torch.Tensor:
    shape = (3, preprocessing.height, preprocessing.width, 3)
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    return torch.from_numpy(pixels)


@torch.no_grad()
def _expected(graph: RoutedGraph, pixels: torch.Tensor,
              num_classes: int) -> dict[str, np.ndarray]:
    """Run the graph in torch and hold it against the model's ``predict``."""
    size = sum(p.nbytes for p in graph.parameters())
    if size > _MAX_BYTES:
        raise ValueError(f'{size / 2**30:.1f} GiB of weights do not fit into '
                         'one ONNX file (2 GiB). Export fewer members, or '
                         'serve the checkpoint with tools/infer.py.')
    model: Any = graph.model
    data = model.data_preprocessor(
        dict(inputs=list(pixels.permute(0, 3, 1, 2))), False)
    # First: it names the member that gives no numbers.
    samples = model.predict(data['inputs'])
    out = {name: value.numpy() for name, value in graph(pixels).items()}
    found = out['mean_scores'].shape[1]
    if found != num_classes:
        raise ValueError(f'the model has {found} classes, the class list '
                         f'{num_classes}. Give the classes it was trained '
                         'on, in their order.')
    predicted = np.stack([
        (one.member_scores if 'member_scores' in one else
         one.pred_score[None]).numpy() for one in samples])
    if (predicted.shape != out['member_scores'].shape or not np.allclose(
            predicted, out['member_scores'], atol=TOLERANCE)):
        raise ValueError(
            f'the predictions of this {type(model).__name__} are not the '
            'softmax of its logits on normalised images, which is what is '
            'exported. Export an EnsembleClassifier, an MCClassifier or an '
            'ImageClassifier with a softmax head.')
    return out


def _write(graph: RoutedGraph, pixels: torch.Tensor, outputs: list[str],
           metadata: Metadata, path: Path) -> None:
    """Trace and save."""
    from .operators import TRANSLATIONS
    try:
        with constant_masks(graph.model, graph.normalise(pixels[:2])):
            program: Any = torch.onnx.export(
                graph, (pixels[:2], ), dynamo=True, verbose=False,
                opset_version=_OPSET, input_names=[INPUT],
                output_names=outputs,
                dynamic_shapes=dict(pixels={0: torch.export.Dim('batch')}),
                custom_translation_table=TRANSLATIONS)
    except torch.onnx.OnnxExporterError as error:
        # Pages of advice around one line that names the operator.
        lines = [line for line in str(error).splitlines() if '<class' in line]
        raise ValueError(
            f'{type(graph.model).__name__} cannot be expressed in ONNX by '
            f'torch {torch.__version__}: {(lines or [str(error)])[0]}. Serve '
            'the checkpoint with tools/infer.py.') from error
    program.model.metadata_props.update(metadata.to_properties())
    program.save(str(path))


def _compare(path: Path, pixels: torch.Tensor,
             expected: dict[str, np.ndarray]) -> None:
    """Run the file in onnxruntime; its numbers must be torch's."""
    import onnxruntime
    session = onnxruntime.InferenceSession(
        str(path), providers=['CPUExecutionProvider'])
    values = session.run(list(expected), {INPUT: pixels.numpy()})
    for (name, value), found in zip(expected.items(), values):
        # Actions follow from the numbers, and may differ in a tie.
        if name != 'action' and not np.allclose(
                found, value, rtol=TOLERANCE, atol=TOLERANCE):
            raise RuntimeError(
                f'onnxruntime {onnxruntime.__version__} differs from torch '
                f'{torch.__version__} by {np.abs(found - value).max():.2g} '
                f'in {name}; expected at most {TOLERANCE}. Nothing was '
                'written. Try another version of one of them.')
