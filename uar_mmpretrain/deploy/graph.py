"""One module from pixels to actions."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..models import EnsembleClassifier
from ..models.classifiers.by_member import by_member
from ..models.nonfinite import to_scores
from ..routing import Action, Router
from ..uncertainty import decompose
from ..uncertainty.channels import Evidence
from .preprocessing import Preprocessing


class RoutedGraph(nn.Module):
    """Normalisation, all members, decomposition and routing.

    Member scores are float32; what is compared with a threshold is float64,
    as in :class:`uar_mmpretrain.routing.Router`, so that a score equal to its
    threshold passes here too. A graph cannot raise: where a score is NaN,
    which the router refuses, the action is REJECT.

    Args:
        model (nn.Module): A classifier whose ``mode='tensor'`` gives logits
            ``(N, M, C)`` or ``(N, C)``; in evaluation mode.
        preprocessing (Preprocessing): Its normalisation.
        router (Router | None): Without one there are no actions.
        kind (str): Decomposition where there is no router.

    Raises:
        ValueError: If the router rejects by a channel the model lacks.
    """

    def __init__(self,
                 model: Any,
                 preprocessing: Preprocessing,
                 router: Router | None = None,
                 kind: str = 'entropy') -> None:
        super().__init__()
        self.model = model
        self.router = router or Router(0, 0, kind=kind)
        self.routed = router is not None
        self.channel = None
        if self.router.score != 'epistemic':
            self.channel = self.router.score
            _check_channel(model, self.channel)
        self.to_rgb = preprocessing.to_rgb
        self.mean, self.std = (
            nn.Buffer(torch.tensor(values).view(3, 1, 1))
            for values in (preprocessing.mean, preprocessing.std))
        # As tensors: torch.onnx rounds a number to float32.
        self.tau_epistemic, self.tau_aleatoric = (
            nn.Buffer(torch.tensor(tau, dtype=torch.float64))
            for tau in (self.router.tau_epistemic, self.router.tau_aleatoric))

    def forward(self, pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        """Decide about images.

        Args:
            pixels (torch.Tensor): ``(N, H, W, 3)`` uint8 BGR.

        Returns:
            dict[str, torch.Tensor]: ``mean_scores`` ``(N, C)`` and
            ``member_scores`` ``(N, M, C)`` float32; ``total``, ``aleatoric``,
            ``epistemic`` (for M > 1) and ``score`` (the channel rejected by)
            ``(N,)`` float64; ``action`` ``(N,)`` int64 values of
            :class:`Action`, with a router.
        """
        logits, scores = self._run(self.normalise(pixels))
        members = to_scores(logits)
        temperature = self.router.temperature
        exact = members.double()
        parts = decompose(temperature.apply(exact), self.router.kind)
        out = dict(
            mean_scores=temperature.distribution(exact).float(),
            member_scores=members,
            total=parts.total,
            aleatoric=parts.aleatoric)
        if parts.has_epistemic:
            out['epistemic'] = parts.epistemic
        if self.channel is not None:
            out['score'] = scores[self.channel].double()
        if self.routed:
            rejection = out['score'] if self.channel else parts.epistemic
            out['action'] = self.route(rejection, parts.aleatoric)
        return out

    def normalise(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return ``(N, 3, H, W)`` float32 images as the network takes them."""
        images = pixels.permute(0, 3, 1, 2).float()
        if self.to_rgb:
            images = images.flip(1)
        return (images - self.mean) / self.std

    def _run(self, images: torch.Tensor
             ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """Return logits ``(N, M, C)`` and the channels."""
        if self.channel is not None:
            evidence: Evidence = self.model.evidence(images)
            return evidence.logits, self.model.channels.score(evidence)
        return by_member(self.model(images, mode='tensor')), {}

    def route(self, rejection: torch.Tensor,
              aleatoric: torch.Tensor) -> torch.Tensor:
        """Choose one action per image.

        Args:
            rejection (torch.Tensor): ``(N,)`` scores to reject by.
            aleatoric (torch.Tensor): ``(N,)`` aleatoric uncertainty.

        Returns:
            torch.Tensor: ``(N,)`` int64 values of :class:`Action`.
        """
        # Passing is what is asked for, so that NaN does not pass.
        accepted = aleatoric <= self.tau_aleatoric
        known = (rejection <= self.tau_epistemic) & ~aleatoric.isnan()
        action = torch.where(accepted, int(Action.ACCEPT), int(Action.REPORT))
        return torch.where(known, action, int(Action.REJECT))


def _check_channel(model: nn.Module, name: str) -> None:
    if not isinstance(model, EnsembleClassifier):
        raise ValueError(
            f'the router rejects by the channel {name!r}; only an '
            f'EnsembleClassifier has channels, found '
            f'{type(model).__name__}. Calibrate a router by epistemic: '
            'tools/calibrate_routing.py --score epistemic.')
    known = [channel.name for channel in model.channels.channels]
    if name not in known or not model.channels.is_fitted:
        raise ValueError(
            f'the router rejects by the channel {name!r}; the model has '
            f'{", ".join(known) or "none"}, '
            f'{"" if model.channels.is_fitted else "not "}fitted. Name it in '
            'ensemble.channels and run tools/fit_channels.py, or calibrate '
            'a router by epistemic.')
