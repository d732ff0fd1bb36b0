"""DMUE: an ordinary classifier, trained with branches it then loses."""

from __future__ import annotations

from typing import Any

import torch
from mmpretrain.models.classifiers import ImageClassifier
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import Tensor, nn

from ..annotation import hard_labels, mean_confidence
from .auxiliary_branches import AuxiliaryBranches
from .auxiliary_loss import auxiliary_loss
from .batch_check import check_batch
from .bn_neck import latent_mode
from .bn_neck_head import BNNeckHead
from .branching import backbone_output, input_of, tail_names
from .confidence import PairwiseConfidence, confident_loss
from .latent_targets import latent_loss, latent_targets
from .ramps import current_epoch, ramps
from .similarity_loss import similarity_loss


@MODELS.register_module()
class DMUEClassifier(ImageClassifier):
    """Latent distributions and pairwise uncertainty (She et al., CVPR 2021).

    The main branch is the plain classifier: same names of weights, same
    predictions, and :func:`export_classifier` drops the rest. What trains
    beside it are ``auxiliary`` (a copy of the end of the backbone per class)
    and ``confidence``. Trains on single labels, see :func:`hard_label`, and
    needs two images of every class in a batch (``BalancedMinCountSampler``).

    Equations: official code of arXiv 2104.00232. Its defects are mended
    unless the last two arguments ask for them.

    Args:
        branch_blocks (int): Size of a branch, see :func:`tail_names`.
        ramp_epochs (float): beta, see :func:`ramps`. The paper: 6 to 14 of
            36 epochs.
        temperature (float): T of the latent targets.
        latent_weight (float): Of the distance from the latent targets.
        similarity_weight (float): Of similarity preservation.
        gram_source (str): What auxiliary branches compare, 'logits' as the
            official code or 'feature'.
        freeze_confidence (bool): Never train the confidence module and the
            scale of the BN neck, as the official optimiser does not.
        shared_statistics (bool): One BN neck for all branches, and running
            statistics that follow the latent pass, as in the official code.
        **kwargs: As for ``ImageClassifier``; the head is a
            :class:`BNNeckHead`.

    Raises:
        ValueError: If the backbone cannot be branched, the head is another,
            ``gram_source`` is unknown, or the temperature not positive.
    """

    def __init__(self,
                 branch_blocks: int = 1,
                 ramp_epochs: float = 10,
                 temperature: float = 1.2,
                 latent_weight: float = 0.5,
                 similarity_weight: float = 1000.,
                 gram_source: str = 'logits',
                 freeze_confidence: bool = False,
                 shared_statistics: bool = False,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(self.head, BNNeckHead):
            raise ValueError(f'the head is a {type(self.head).__name__}; '
                             "DMUE needs model.head.type='BNNeckHead'.")
        if gram_source not in ('logits', 'feature'):
            raise ValueError(f"gram_source={gram_source!r}; expected "
                             "'logits' or 'feature'.")
        if not 0 < temperature < float('inf'):
            raise ValueError(f'temperature={temperature}; expected a number '
                             'above 0.')
        self.ramp_epochs = ramp_epochs
        self.temperature = temperature
        self.latent_weight = latent_weight
        self.similarity_weight = similarity_weight
        self.gram_source = gram_source
        self.shared_statistics = shared_statistics
        self._tail_names = tail_names(self.backbone, branch_blocks)
        self.auxiliary = AuxiliaryBranches(
            self._tail(), self.head.num_classes, self.head.bn_neck,
            shared_statistics)
        self.confidence = PairwiseConfidence(self.head.num_classes)
        if freeze_confidence:
            self.confidence.requires_grad_(False)
            self.head.bn_neck.requires_grad_(False)
            self.auxiliary.bn_neck.requires_grad_(False)

    def init_weights(self) -> None:
        """Start all branches from the same, perhaps pretrained, weights."""
        super().init_weights()
        self.auxiliary.start_from(self._tail())

    def loss(self, inputs: Tensor, data_samples: list[DataSample]) -> dict:
        """Return the four weighted losses, and the mean confidence.

        Args:
            inputs (Tensor): Preprocessed images ``(N, 3, H, W)``.
            data_samples (list[DataSample]): With ``gt_label`` or
                ``gt_score``; with ``label_is_wrong`` see
                :func:`mean_confidence`.

        Raises:
            ValueError: If the batch lacks a class, or no runner tells the
                epoch.
        """
        labels = hard_labels(data_samples)
        check_batch(labels, self.head.num_classes)
        up, down = ramps(current_epoch(self.ramp_epochs), self.ramp_epochs)
        tail_start = self.backbone.get_submodule(self._tail_names[0])
        with input_of(tail_start) as heard:
            features = self.head.pre_logits(self.extract_feat(inputs))
        shared, = heard
        embedding = self.head.bn_neck(features)
        logits = self.head.fcs[0](embedding)
        branches = [
            self.auxiliary(branch, shared[labels != branch], self._pool)
            for branch in range(self.head.num_classes)
        ]
        latent = self._latent_logits(shared, labels)
        # Products of many small numbers: not in half precision.
        with torch.autocast(inputs.device.type, enabled=False):
            targets = latent_targets(latent, labels, self.temperature)
            confidence = self.confidence(features.float(), labels)
            wrong, similar = self._auxiliary_losses(branches, embedding,
                                                    labels)
            return dict(
                loss_ce=up *
                confident_loss(logits.float(), confidence, labels),
                loss_latent=up * self.latent_weight *
                latent_loss(logits.float(), targets, labels),
                loss_similarity=up * self.similarity_weight * similar,
                loss_auxiliary=down * wrong,
                **mean_confidence(confidence, data_samples))

    def get_layer_depth(self, param_name: str) -> tuple[int, int]:
        """Give the copies of a block the depth of the block."""
        parts = param_name.split('.')
        if parts[:2] == ['auxiliary', 'branches']:
            name = self._tail_names[int(parts[3])]
            param_name = '.'.join(['backbone', name, *parts[4:]])
        return super().get_layer_depth(param_name)

    def _tail(self) -> list[nn.Module]:
        return [self.backbone.get_submodule(name)
                for name in self._tail_names]

    def _pool(self, tail_output: Tensor) -> Tensor:
        """Make ``(N, D)`` features, as for the main branch."""
        feats: Any = (backbone_output(self.backbone, tail_output), )
        return self.head.pre_logits(
            self.neck(feats) if self.with_neck else feats)

    @torch.no_grad()
    def _latent_logits(self, shared: Tensor, labels: Tensor) -> Tensor:
        """Return ``(N, C - 1)`` logits of each image's own branch."""
        num_classes = self.head.num_classes
        logits = torch.zeros(
            len(labels), num_classes - 1, device=shared.device)
        neck = [self.neck] if self.with_neck else []
        with latent_mode([self.auxiliary, *neck, self.auxiliary.bn_neck],
                         self.shared_statistics):
            for branch in range(num_classes):
                own = labels == branch
                _, found = self.auxiliary(branch, shared[own], self._pool)
                logits[own] = found.float()
        return logits

    def _auxiliary_losses(self, branches: list[tuple[Tensor, Tensor]],
                          embedding: Tensor,
                          labels: Tensor) -> tuple[Tensor, Tensor]:
        """Return the cross-entropy and the similarity loss of the branches."""
        logits = [found.float() for _, found in branches]
        compared = logits if self.gram_source == 'logits' else [
            features.float() for features, _ in branches]
        similar = [
            similarity_loss(one, embedding[labels != branch].float())
            for branch, one in enumerate(compared)
        ]
        return auxiliary_loss(logits, labels), torch.stack(similar).mean()
