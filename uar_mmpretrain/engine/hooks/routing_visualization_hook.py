"""Pictures of decisions during a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpretrain.engine.hooks import VisualizationHook
from mmpretrain.registry import HOOKS
from mmpretrain.structures import DataSample

from ...visualization import RoutingVisualizer, picture_name
from ..router_files import find_router


@HOOKS.register_module()
class RoutingVisualizationHook(VisualizationHook):
    """mmpretrain's ``VisualizationHook`` for a ``RoutingVisualizer``.

    Shows the pixels the network gets, so corrupted copies as they are, each
    in a file of its own, and routes with the router of the test.

    Args:
        **kwargs: As for ``VisualizationHook``; ``enable`` is True.
    """

    affects_weights = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{'enable': True, **kwargs})
        self._seen = 0

    def before_run(self, runner: Runner) -> None:
        """Refuse a visualizer that draws no decisions."""
        if self.enable and not isinstance(self._visualizer,
                                          RoutingVisualizer):
            raise TypeError(
                f'the visualizer is a {type(self._visualizer).__name__}; add '
                "visualizer = dict(type='RoutingVisualizer') to the config.")

    def before_val_epoch(self, runner: Runner) -> None:
        """Count from 0."""
        self._seen = 0

    def before_test_epoch(self, runner: Runner) -> None:
        """Find router and decomposition, and count from 0."""
        self._seen = 0
        if self.enable:
            model = runner.model
            if is_model_wrapper(model):
                model = model.module
            self._visualizer.router = find_router(runner)
            self._visualizer.kind = getattr(model, 'kind', 'entropy')

    def _draw_samples(self,
                      batch_idx: int,
                      data_batch: dict,
                      data_samples: Sequence[DataSample],
                      step: int = 0) -> None:
        for pixels, sample in zip(data_batch['inputs'], data_samples):
            number, self._seen = self._seen, self._seen + 1
            if not self.enable or number % self.interval:
                continue
            name = _file_name(sample, number)
            out_file = None
            if self.out_dir is not None:
                out_file = str(Path(self.out_dir) / name)
            # Images are BGR until the data preprocessor.
            image = pixels.flip(0).permute(1, 2, 0).cpu().numpy()
            self._visualizer.visualize_cls(
                image.astype('uint8'), sample, name=name, step=step,
                **{**self.draw_args, 'out_file': out_file})


def _file_name(sample: DataSample, number: int) -> str:
    """Name a picture by its image and corruption."""
    source = str(sample.get('image_id') or sample.get('img_path') or number)
    if sample.get('severity'):
        return picture_name(source, sample.corruption, sample.severity)
    return picture_name(source)
