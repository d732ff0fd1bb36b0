"""A picture, corrupted more and more, and what is decided each time."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from mmengine.registry import DefaultScope
from mmpretrain.registry import TRANSFORMS

from ...apis import Decision, Images, Item, RoutingInferencer
from ...apis.pipeline import evaluation_transforms, transform_name
from ...corruptions import CLEAN
from ...evaluation.functional import read_table
from ...routing import Router


@dataclass(frozen=True)
class Exploration:
    """What was decided on the way from clean to the severity asked for.

    Args:
        pixels (np.ndarray): ``(H, W, 3)`` uint8 RGB, the last image as the
            network sees it.
        decisions (list[Decision]): One per severity from 0.
    """

    pixels: np.ndarray
    decisions: list[Decision]


class Explorer:
    """Corrupt pictures as the test of the config does, and decide.

    Args:
        inferencer (RoutingInferencer): Decides.
    """

    def __init__(self, inferencer: RoutingInferencer) -> None:
        self.inferencer = inferencer
        options = [one for one in evaluation_transforms(inferencer.config)
                   if transform_name(one) == 'Corrupt']
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            self._corrupt = TRANSFORMS.build(
                options[0] if options else dict(type='Corrupt'))

    def explore(self, picture: str | Path | np.ndarray,
                corruption: str = CLEAN, severity: int = 0) -> Exploration:
        """Decide about a picture at every severity up to one.

        Args:
            picture (str | Path | np.ndarray): File, or ``(H, W, 3)`` BGR; of
                a video its first frame.
            corruption (str): One of :func:`uar_mmpretrain.corruptions.names`.
            severity (int): 0 (clean) to 5.

        Returns:
            Exploration: Decisions of severity 0 to this one.

        Raises:
            ValueError: If the file is no image.
        """
        item = next(iter(Images(picture)))
        if isinstance(item.image, Exception):
            raise ValueError(str(item.image))
        prepared = self.inferencer.pipeline(item.image)
        # Corrupted at the network's input, after Resize, as in the test.
        clean = prepared['inputs'].permute(1, 2, 0).numpy()
        images = [clean, *(self._corrupted(clean, corruption, step)
                           for step in range(1, severity + 1))]
        items = [
            Item(f'severity {step}', dict(
                copy.deepcopy(prepared),
                inputs=torch.from_numpy(image.copy()).permute(2, 0, 1)))
            for step, image in enumerate(images)
        ]
        return Exploration(images[-1][..., ::-1],
                           self.inferencer.postprocess(items))

    def _corrupted(self, image: np.ndarray, corruption: str,
                   severity: int) -> np.ndarray:
        results = dict(img=image, image_id='picture', corruption=corruption,
                       severity=severity)
        return self._corrupt(results)['img']


def read_background(checkpoint: str | Path,
                    router: Router | None) -> np.ndarray | None:
    """Read where clean test faces lie on the uncertainty plane.

    Args:
        checkpoint (str | Path): Predictions are looked for in ``test/``
            beside it.
        router (Router | None): Decides what is drawn upwards; by default
            the epistemic part.

    Returns:
        np.ndarray | None: ``(N, 2)`` aleatoric part and rejection score; None
        without predictions, or if they lack the router's score.
    """
    found = sorted(Path(checkpoint).parent.glob('test/predictions.*'))
    if not found:
        return None
    table = read_table(found[0]).clean()
    router = router or Router(np.inf, np.inf)
    parts = router.decompose(table.member_scores)
    try:
        score = router.rejection_score(parts, table.channels)
    except (KeyError, ValueError):
        return None
    return np.stack([parts.aleatoric, score], axis=1)
