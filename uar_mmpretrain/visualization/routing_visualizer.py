"""mmpretrain's visualizer for decisions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import mmcv
import numpy as np
from mmengine.dist import master_only
from mmpretrain.registry import VISUALIZERS
from mmpretrain.structures import DataSample
from mmpretrain.visualization import UniversalVisualizer

from ..apis import Decision, Item
from ..apis.judge import judge_samples
from ..routing import Router
from .decision_picture import plot_decision, to_array

_LONGEST = 150


def picture_name(source: str, *more: object) -> str:
    """Name the drawing of a picture, the same each time.

    Args:
        source (str): Path or id of the picture.
        *more: What tells drawings of one picture apart.

    Returns:
        str: A file name that ends with ``.png``.
    """
    full = '_'.join([source, *map(str, more)])
    name = re.sub(r'[^\w.-]+', '_', full).strip('_')
    # File systems limit bytes, and the end of a long path tells more.
    name = name.encode()[-_LONGEST:].decode(errors='ignore')
    if name != full:
        # a/b.png and a_b.png are two pictures
        name += '_' + hashlib.sha256(full.encode()).hexdigest()[:8]
    return name + '.png'


@VISUALIZERS.register_module()
class RoutingVisualizer(UniversalVisualizer):
    """Draw a picture with its action, distribution and reason.

    Attributes:
        router (Router | None): Gives the action of a prediction; set by
            whoever knows the checkpoint.
        kind (str): Decomposition where there is no router; likewise.
    """

    router: Router | None = None
    kind: str = 'entropy'

    @master_only
    def visualize_cls(self,
                      image: np.ndarray,
                      data_sample: DataSample,
                      classes: Sequence[str] | None = None,
                      name: str = '',
                      **kwargs: Any) -> np.ndarray:
        """Draw a prediction of the model.

        Args:
            image (np.ndarray): ``(H, W, 3)`` uint8 RGB.
            data_sample (DataSample): With ``member_scores`` or at least
                ``pred_score``.
            classes (Sequence[str] | None): By default those of the data set.
            name (str): Of the picture.
            **kwargs: See :meth:`draw_decision`.

        Returns:
            np.ndarray: The drawing, uint8 RGB.
        """
        classes = classes or (self.dataset_meta or {}).get('classes')
        if not classes:
            raise ValueError('the data set names no classes; give them as '
                             'classes=[...].')
        decision, = judge_samples([Item(name, None)], [data_sample], classes,
                                  self.router, self.kind)
        return self.draw_decision(image, decision, name=name, **kwargs)

    @master_only
    def draw_decision(self,
                      image: np.ndarray,
                      decision: Decision,
                      *,
                      name: str = '',
                      out_file: str | None = None,
                      show: bool = False,
                      wait_time: float = 0,
                      step: int = 0) -> np.ndarray:
        """Draw a decision that exists already.

        Args:
            image (np.ndarray): ``(H, W, 3)`` uint8 RGB.
            decision (Decision): About this picture.
            name (str): Of the picture, for windows and backends.
            out_file (str | None): File to write instead of the backends.
            show (bool): Whether to open a window.
            wait_time (float): Seconds it stays; 0 for ever.
            step (int): For the backends.

        Returns:
            np.ndarray: The drawing, uint8 RGB.
        """
        drawn = to_array(plot_decision(image, decision))
        if show:
            self.show(drawn, win_name=name, wait_time=wait_time)
        if out_file is None:
            self.add_image(name, drawn, step=step)
        else:
            mmcv.imwrite(drawn[..., ::-1], out_file)
        return drawn
