"""What classifiers with several members answer in each mode."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import torch
from mmpretrain.models.classifiers import BaseClassifier
from mmpretrain.structures import DataSample

from ..member_scores import set_member_scores
from ..nonfinite import to_scores


class ByMemberClassifier(BaseClassifier):
    """A classifier whose logits have an axis of members.

    A method defines :meth:`member_logits`, and ``loss`` or another base class
    that has it (``docs/add_a_method.md``).

    Attributes:
        kind (str): Decomposition written into the predictions; see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        on_nonfinite (str): What to do about members whose outputs are not
            numbers; see :func:`..nonfinite.usable_members`.
    """

    kind = 'entropy'
    on_nonfinite = 'error'

    @abstractmethod
    def member_logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return logits ``(N, M, C)`` of images ``(N, 3, H, W)``."""

    def forward(self,
                inputs: torch.Tensor,
                data_samples: list[DataSample] | None = None,
                mode: str = 'tensor') -> Any:
        """Run all members.

        Args:
            inputs (torch.Tensor): Preprocessed images ``(N, 3, H, W)``.
            data_samples (list[DataSample], optional): N samples.
            mode (str): 'tensor' for logits ``(N, M, C)``, 'loss' for a dict
                of losses, 'predict' for data samples.

        Raises:
            ValueError: If the mode is unknown.
        """
        if mode == 'tensor':
            return self.member_logits(inputs)
        if mode == 'loss':
            return self.loss(inputs, data_samples)
        if mode == 'predict':
            return self.predict(inputs, data_samples)
        raise ValueError(f"mode is {mode!r}; expected 'tensor', 'loss' or "
                         "'predict'.")

    def predict(self,
                inputs: torch.Tensor,
                data_samples: list[DataSample] | None = None,
                **kwargs: Any) -> list[DataSample]:
        """Write member scores ``(M, C)`` and their decomposition."""
        scores = to_scores(self.member_logits(inputs))
        return set_member_scores(data_samples, scores, self.kind,
                                 self.on_nonfinite)


def by_member(logits: torch.Tensor) -> torch.Tensor:
    """Give ``(N, C)`` logits an axis of members; others have one."""
    return logits.unsqueeze(1) if logits.ndim == 2 else logits
