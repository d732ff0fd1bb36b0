"""One trained network, S stochastic passes: MC-Dropout, MC-DropConnect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmpretrain.models.classifiers import ImageClassifier
from mmpretrain.registry import MODELS

from ..stochastic import (
    PrefixCache,
    evaluation_mode,
    fixed_masks,
    inject_stochastic_layers,
    switched_off,
)
from .by_member import ByMemberClassifier, by_member


@MODELS.register_module()
class MCClassifier(ByMemberClassifier, ImageClassifier):
    """An ``ImageClassifier`` of which some layers stay random in a test.

    The config is that of the plain classifier with the type exchanged and
    ``stochastic_layers`` added; so are the names of its weights, and either
    loads the checkpoints of the other. It trains as usual, the stochastic
    layers on. Predictions are member scores of S passes, which approximate
    samples from a posterior over networks (Gal & Ghahramani, arXiv
    1506.02142; on facial expressions: Matin & Valdenegro-Toro, arXiv
    2008.07426). Batch norm and stochastic depth are in evaluation mode in
    them, and what comes before the first stochastic layer runs once.

    Pass s is one network for all images: its masks follow from ``seed`` and
    s alone. A test repeated gives the same numbers, whatever the order and
    size of the batches and the number of processes, up to the round-off of
    batched arithmetic. CPU and GPU draw different masks.

    Args:
        stochastic_layers (Sequence[dict]): Which layers, see
            :func:`..stochastic.inject_stochastic_layers`.
        num_passes (int): S. 1 switches the stochastic layers off: the plain
            network, which has no epistemic part.
        kind (str): Decomposition written into the predictions; see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        seed (int): Of the passes.
        **kwargs: As for ``ImageClassifier`` (``backbone``, ``neck``,
            ``head``, ...).

    Raises:
        ValueError: If there is no stochastic layer, a pattern matches none,
            or ``num_passes`` is below 1.
    """

    def __init__(self,
                 stochastic_layers: Sequence[dict],
                 num_passes: int = 50,
                 kind: str = 'entropy',
                 seed: int = 0,
                 **kwargs: Any) -> None:
        if not stochastic_layers:
            raise ValueError(
                'stochastic_layers is empty; expected e.g. '
                "[dict(type='Dropout', p=0.2, modules='head.fcs.0')]. "
                'A network without any is an ImageClassifier.')
        if num_passes < 1:
            raise ValueError(f'num_passes={num_passes}; expected at least 2, '
                             'or 1 for the plain network.')
        super().__init__(**kwargs)
        inject_stochastic_layers(self, stochastic_layers)
        self.num_passes = num_passes
        self.kind = kind
        self.seed = seed

    def member_logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits of every pass, ``(N, S, C)``.

        A head with M members (``EnsembleClsHead``) gives S times M.
        """
        cache = PrefixCache(self)
        logits = []
        with evaluation_mode(self):
            if self.num_passes == 1:
                with switched_off(self):
                    return by_member(self._logits(inputs))
            for number in range(self.num_passes):
                with fixed_masks(self, self.seed, number), cache.one_pass():
                    logits.append(by_member(self._logits(inputs)))
        return torch.cat(logits, dim=1)

    def _logits(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.head(self.extract_feat(inputs))
