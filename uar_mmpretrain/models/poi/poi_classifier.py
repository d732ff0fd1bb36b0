"""A classifier taught by annotations and by an objective second opinion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmpretrain.models.classifiers import ImageClassifier
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import Tensor, nn

from ..annotation import hard_labels, mean_confidence
from ..losses import SoftTargetLoss
from .confidence import AnnotationConfidence, fused_target, rescale
from .objective import aggregate
from .rank_margin_loss import RankMarginLoss
from .schedules import ramp_factor, training_progress


@MODELS.register_module()
class POIClassifier(ImageClassifier):
    """An ``ImageClassifier`` with a teacher that is not used in a test.

    POI-style: a reconstruction from the abstract of Liu et al., "Prior-based
    Objective Inference Mining Potential Uncertainty for Facial Expression
    Recognition", arXiv 2411.13024. Backbone, neck and head are the paper's
    Target Recognition Network and alone make predictions; its target is

        ``t = c e_y + (1 - c) q``,

    y the annotation, q the objective distribution of the Prior Inference
    Network ``pin``, c how far the annotation is trusted. The annotation is
    one class, see :func:`hard_label`: votes are not used. The losses of the
    classifier rise from e^-5 to 1 at the start of a training, until when
    ``pin`` has become a teacher worth listening to.

    A plain ``ImageClassifier`` with the same backbone, neck and head loads
    the checkpoint and predicts the same.

    Args:
        pin (dict): Arguments of :class:`PriorInferenceNetwork`; classes are
            those of the head.
        confidence (dict): Arguments of :class:`AnnotationConfidence`.
        rank_loss (dict, optional): Arguments of :class:`RankMarginLoss`.
        ramp_end (float): Share of a training after which the classifier's
            losses have their full weight; 0: from the start. Defaults to
            0.3, our choice.
        **kwargs: As for mmpretrain's ``ImageClassifier``.

    Raises:
        ValueError: If the head has several members.
    """

    def __init__(self,
                 pin: dict,
                 confidence: dict,
                 rank_loss: dict | None = None,
                 ramp_end: float = 0.3,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        members = getattr(self.head, 'num_members', 1)
        if members != 1:
            raise ValueError(
                f'POIClassifier: the head has num_members={members}; '
                'expected 1. An EnsembleRunner trains several networks.')
        self.pin = MODELS.build(dict(
            dict(type='PriorInferenceNetwork',
                 num_classes=self.head.num_classes), **pin))
        self.confidence = AnnotationConfidence(**confidence)
        self.rank_loss = RankMarginLoss(**(rank_loss or {}))
        self.ramp_end = ramp_end
        self.target_loss = SoftTargetLoss('kl')

    def loss(self, inputs: Tensor,
             data_samples: Sequence[DataSample]) -> dict[str, Tensor]:
        """Return all losses and the mean confidence.

        Args:
            inputs (Tensor): Preprocessed images ``(N, 3, H, W)``.
            data_samples (Sequence[DataSample]): N samples with ``gt_label``
                or ``gt_score``; with ``aus`` the prior is on, with
                ``label_is_wrong`` see :func:`mean_confidence`.
        """
        progress = training_progress()
        annotation = hard_labels(data_samples)
        opinions = self.pin(inputs)
        losses = self.pin.loss(opinions, annotation, data_samples, progress)
        feats = self.extract_feat(inputs)
        confidence = self.confidence(self.head.pre_logits(feats))
        losses.update(self._target_losses(
            feats, confidence, annotation, aggregate(opinions)[0],
            ramp_factor(progress, self.ramp_end)))
        losses.update(mean_confidence(confidence, data_samples))
        return losses

    def _target_losses(self, feats: Sequence[Tensor], confidence: Tensor,
                       annotation: Tensor, objective: Tensor,
                       weight: float) -> dict[str, Tensor]:
        # (N, 1, C) of heads with members, (N, C) of others
        logits = self.head(feats).float().flatten(1)
        target = fused_target(rescale(confidence), annotation, objective)
        # Evidence for or against an annotation is the objective opinion: the
        # classifier's own is what it learns from that annotation.
        evidence = objective.detach().clamp(min=1e-6).log()
        return dict(
            loss_target=weight * self.target_loss(logits, target),
            loss_rank=weight * self.rank_loss(confidence),
            loss_confidence=weight * nn.functional.cross_entropy(
                confidence[:, None] * evidence, annotation))

    def get_layer_depth(self, param_name: str) -> tuple[int, int]:
        """Depth of a parameter, for learning rates that decay by layer.

        Args:
            param_name (str): Its name.

        Returns:
            tuple[int, int]: Its layer in the backbone it belongs to, and the
            number of layers.
        """
        prefix = 'pin.backbone.'
        if param_name.startswith(prefix):
            return self.pin.backbone.get_layer_depth(param_name, prefix)
        return super().get_layer_depth(param_name)
