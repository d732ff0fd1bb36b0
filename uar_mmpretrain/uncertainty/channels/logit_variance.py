"""Disagreement of the members before the softmax."""

from __future__ import annotations

import torch

from .evidence import Evidence
from .fitted import Channel


class LogitVariance(Channel):
    """Variance of the centred logits over the members, mean over classes.

    ``mean_c Var_m(z_mc - mean_c z_mc)``, divisor M. Unlike mutual information
    it does not saturate where the softmax does. Centring matters: a softmax
    is blind to a constant added to one member's logits, which is then no
    disagreement.

    Args:
        name (str): Under which the scores are reported.
    """

    def __init__(self, name: str = 'logit_variance') -> None:
        super().__init__(name)

    def score(self, evidence: Evidence) -> torch.Tensor:
        """Return the ``(N,)`` variances.

        Raises:
            ValueError: If there is a single member.
        """
        logits = evidence.logits.float()
        if logits.shape[1] < 2:
            raise ValueError(f'{self.name}: one member has no variance '
                             '(M = 1). Leave the channel out.')
        centred = logits - logits.mean(-1, keepdim=True)
        return centred.var(1, unbiased=False).mean(-1)
