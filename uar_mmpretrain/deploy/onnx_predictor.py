"""Pictures in, decisions out, with onnxruntime alone."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from ..apis.batches import decide_all
from ..apis.decision import Decision, Decisions, make_decision
from ..apis.inputs import Images, Item
from ..apis.reasons import Thresholds
from .metadata import Metadata

_USUAL = ('CUDAExecutionProvider', 'CPUExecutionProvider')
_AGAIN = 'Export the checkpoint with tools/export_onnx.py.'
# Number of axes by output; the first one counts the pictures.
_OUTPUTS = dict(mean_scores=2, member_scores=3, total=1, aleatoric=1,
                epistemic=1, score=1, action=1)


class OnnxPredictor:
    """Run an exported model as ``RoutingInferencer`` runs its checkpoint.

    Needs onnxruntime, numpy and OpenCV; neither torch nor OpenMMLab. The same
    pictures get the same decisions, up to float error::

        decide = OnnxPredictor('model.onnx')
        for decision in decide('pictures/'):
            print(decision.source, decision.action, decision.reason)

    Args:
        path (str | Path): File written by ``tools/export_onnx.py``.
        providers (Sequence[str] | None): Execution providers of onnxruntime,
            best first; by default a GPU (CUDA), if there is one.

    Attributes:
        metadata (Metadata): Classes, thresholds, preprocessing, provenance.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no ONNX file, or one that another tool wrote, its
            class list does not fit its graph, or a provider is not installed.
    """

    def __init__(self,
                 path: str | Path,
                 providers: Sequence[str] | None = None) -> None:
        path = Path(path)
        if not path.is_file():
            raise FileNotFoundError(f'no model at {path}. {_AGAIN}')
        self.session = _open(path, providers)
        try:
            self.metadata = Metadata.from_properties(
                self.session.get_modelmeta().custom_metadata_map)
            self._outputs = _check_outputs(self.session, self.metadata)
        except ValueError as error:
            raise ValueError(f'{path}: {error}') from error
        router = self.metadata.router
        self._thresholds = None if router is None else Thresholds(
            router['tau_epistemic'], router['tau_aleatoric'], router['score'])

    def __call__(self,
                 inputs: Any,
                 batch_size: int = 32,
                 progress: bool = True) -> Decisions:
        """Decide about pictures.

        Args:
            inputs (Any): Path, array, folder, pattern, video, or a list of
                these; see :class:`uar_mmpretrain.apis.Images`.
            batch_size (int): Pictures per run of the graph.
            progress (bool): Whether to show a progress bar, if rich is
                installed.

        Returns:
            Decisions: In the order of the inputs; a picture that failed has
            an ``error``.

        Raises:
            ValueError: If the batch size is not positive.
        """
        progress = progress and find_spec('rich') is not None
        return decide_all(Images(inputs), self.metadata.preprocessing.prepare,
                          self._decide, batch_size, progress)

    def _decide(self, items: list[Item]) -> list[Decision]:
        pixels = np.stack([item.image for item in items])
        try:
            values = self.session.run(
                self._outputs, {self.session.get_inputs()[0].name: pixels})
        # As in _open; a graph of another tool may fail on anything.
        except Exception as error:
            raise ValueError(f'the graph does not run: {error}. {_AGAIN}'
                             ) from error
        found = dict(zip(self._outputs, map(np.asarray, values)))
        for name, value in found.items():
            if (value.ndim != _OUTPUTS[name] or len(value) != len(items)
                    or value.dtype.kind not in 'fi'):
                raise ValueError(
                    f'the graph gives {name} as {value.dtype} of shape '
                    f'{value.shape} for {len(items)} pictures. {_AGAIN}')
        return [self._decision(item, {name: value[i]
                                      for name, value in found.items()})
                for i, item in enumerate(items)]

    def _decision(self, item: Item, found: dict[str, Any]) -> Decision:
        parts = [float(found[name]) if name in found else None
                 for name in ('total', 'aleatoric', 'epistemic')]
        score, action = None, None
        if self._thresholds:
            score = float(found['score']) if 'score' in found else parts[2]
            action = self._action(found['action'])
        broken = _broken(found)
        if broken:
            # As the router in torch, which routes no NaN.
            return Decision(item.source, error=f'{broken} NaN; expected a '
                            f'number. Check the weights. {_AGAIN}')
        return make_decision(item, self.metadata.classes,
                             found['member_scores'], parts, score, action,
                             self._thresholds, found['mean_scores'])

    def _action(self, number: Any) -> str:
        if not 0 <= int(number) < len(self.metadata.actions):
            raise ValueError(f'the graph gives action {number}; its metadata '
                             f'names {", ".join(self.metadata.actions)}. '
                             f'{_AGAIN}')
        return self.metadata.actions[int(number)]


def _broken(found: dict[str, Any]) -> str | None:
    """Name the members that gave no numbers, or else the outputs."""
    members = np.isnan(found['member_scores']).any(-1)
    if members.any():
        which = ', '.join(map(str, members.nonzero()[0]))
        return f'the output of member {which} of {len(members)} is'
    names = [name for name, value in found.items() if np.isnan(value).any()]
    return f'{", ".join(names)} is' if names else None


def _open(path: Path,
          providers: Sequence[str] | None) -> onnxruntime.InferenceSession:
    installed = onnxruntime.get_available_providers()
    usual = [name for name in _USUAL if name in installed]
    unknown = [name for name in providers or () if name not in installed]
    if unknown:
        raise ValueError(
            f'provider {", ".join(unknown)} is not installed; this '
            f'onnxruntime has {", ".join(installed)}.')
    try:
        return onnxruntime.InferenceSession(
            str(path), providers=list(providers or usual))
    # onnxruntime has one class of exception per status, without a parent.
    except Exception as error:
        raise ValueError(
            f'{path} ({path.stat().st_size:,} bytes) is no ONNX model that '
            f'onnxruntime {onnxruntime.__version__} can read ({error}). '
            f'{_AGAIN}') from error


def _check_outputs(session: onnxruntime.InferenceSession,
                   metadata: Metadata) -> list[str]:
    """Return the names of the outputs, which must fit the metadata."""
    shapes = {one.name: one.shape for one in session.get_outputs()}
    (given, *more) = session.get_inputs()
    expected = [metadata.preprocessing.height, metadata.preprocessing.width,
                3]
    if more or given.type != 'tensor(uint8)' or given.shape[1:] != expected:
        raise ValueError(
            f'its graph takes {given.type} of shape {given.shape}, its '
            f'metadata says pixels of {expected}. {_AGAIN}')
    needed = ['mean_scores', 'member_scores', 'total', 'aleatoric']
    if metadata.router:
        needed.append('action')
    missing = [name for name in needed if name not in shapes]
    if missing:
        raise ValueError(f'its graph has no output {", ".join(missing)}; '
                         f'found {", ".join(shapes)}. {_AGAIN}')
    found = shapes['mean_scores'][-1:]
    if found != [len(metadata.classes)]:
        raise ValueError(
            f'its metadata names {len(metadata.classes)} classes '
            f'({", ".join(metadata.classes)}), its graph has '
            f'{", ".join(map(str, found)) or "none"}. '
            f'{_AGAIN}')
    return [name for name in _OUTPUTS if name in shapes]
