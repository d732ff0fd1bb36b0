"""Pictures in, decisions out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import default_collate
from mmpretrain.apis.base import BaseInferencer

from .batches import decide_all
from .decision import Decision, Decisions
from .inputs import Images, Item
from .judge import judge_samples
from .load_model import load_model
from .pipeline import build_pipeline


class RoutingInferencer(BaseInferencer):
    """Classify pictures and route them by why the model is unsure.

    mmpretrain's inferencer, started from a checkpoint::

        decide = RoutingInferencer('work_dirs/demo/ensemble.pth')
        for decision in decide('pictures/'):
            print(decision.source, decision.action, decision.reason)

    Config, ``router.json`` and fitted ``channels.pth`` are found with the
    checkpoint. A picture that cannot be read has its error in its place; the
    others go on.

    Args:
        checkpoint (str | Path): An ``ensemble.pth``, or a checkpoint of any
            classifier: one without several members has no epistemic part.
        config (str | Path | Config | None): Config of the training, where
            the checkpoint does not hold it.
        device (str | torch.device | None): By default a GPU if there is one.
        router (str | Path | None): Router file, by default ``router.json``
            beside the checkpoint. Without one there are no actions.
        half (bool): Half precision (float16 on a GPU, bfloat16 on a CPU).
            The scores then differ in the third digit from those that the
            router was calibrated on.
        input_size (int | None): Pixels of the network's square images, where
            the config does not say: see :func:`build_pipeline`.
        faces (Callable | None): Finds faces in a picture and cuts them out,
            see :class:`FaceDetector`; by default the picture is one face.

    Raises:
        FileNotFoundError, ValueError: See :func:`load_model`,
            :func:`build_pipeline`; or if the router needs several members
            and the model has one.
        KeyError: If the router rejects by a channel that the model lacks.
    """

    visualizer: Any

    def __init__(self,
                 checkpoint: str | Path,
                 config: str | Path | Config | None = None,
                 device: str | torch.device | None = None,
                 router: str | Path | None = None,
                 half: bool = False,
                 input_size: int | None = None,
                 faces: Callable[[Iterable[Item]], Iterable[Item]]
                 | None = None) -> None:
        loaded = load_model(checkpoint, config, router)
        if device is None:
            device = 'cuda' if torch.cuda.is_available() else 'cpu'
        self.device = torch.device(device)
        self.input_size = input_size
        loaded.model._config = loaded.config
        super().__init__(loaded.model, pretrained=False, device=self.device)
        self.classes, self.router = loaded.classes, loaded.router
        self.half, self.faces = half, faces
        # A router without its channel, or with one member, fails here and
        # not after the first batch of a long list.
        self.postprocess([Item('probe', self.pipeline(
            np.full((64, 64, 3), 128, np.uint8)))])

    def __call__(self,
                 inputs: Any,
                 batch_size: int = 32,
                 show_dir: str | Path | None = None,
                 progress: bool = True) -> Decisions:
        """Decide about pictures.

        Args:
            inputs (Any): Path, array, folder, pattern, video, or a list of
                these; see :class:`Images`.
            batch_size (int): Pictures per forward pass.
            show_dir (str | Path | None): Folder for one picture per
                decision, see :class:`RoutingVisualizer`.
            progress (bool): Whether to show a progress bar.

        Returns:
            Decisions: In the order of the inputs; a picture that failed has
            an ``error``.

        Raises:
            ValueError: If the batch size is not positive.
        """
        items = Images(inputs)
        found = items if self.faces is None else self.faces(items)

        def decide(batch: list[Item]) -> list[Decision]:
            decisions = self.postprocess(batch)
            if show_dir is not None:
                self.visualize(batch, decisions, show_dir)
            return decisions

        return decide_all(found, self.pipeline, decide, batch_size, progress)

    def _init_pipeline(self, cfg: Config) -> Callable:
        return build_pipeline(cfg, self.input_size)

    @torch.no_grad()
    def forward(self, inputs: dict, **kwargs: Any) -> list:
        """Run the model on one batch."""
        dtype = torch.float16 if self.device.type == 'cuda' else torch.bfloat16
        with torch.autocast(self.device.type, dtype, enabled=self.half):
            return self.model.test_step(inputs)

    def postprocess(self, items: list[Item]) -> list[Decision]:
        """Decide about prepared pictures.

        Args:
            items (list[Item]): Their ``image`` is what the pipeline returned.

        Returns:
            list[Decision]: One each.
        """
        samples = self.forward(default_collate([one.image for one in items]))
        kind = getattr(self.model, 'kind', 'entropy')
        return judge_samples(items, samples, self.classes, self.router, kind)

    def visualize(self, items: list[Item], decisions: list[Decision],
                  show_dir: str | Path) -> None:
        """Draw what the network saw and what was decided.

        Args:
            items (list[Item]): As for :meth:`postprocess`.
            decisions (list[Decision]): One each.
            show_dir (str | Path): Folder to write to; each file is named
                after its source.
        """
        from ..visualization import RoutingVisualizer, picture_name
        if self.visualizer is None:
            self.visualizer = RoutingVisualizer()
        for item, decision in zip(items, decisions):
            # BGR until the data preprocessor.
            pixels = item.image['inputs'].flip(0).permute(1, 2, 0).numpy()
            name = picture_name(item.source, *(item.face or ()))
            self.visualizer.draw_decision(
                pixels, decision, out_file=str(Path(show_dir) / name))
