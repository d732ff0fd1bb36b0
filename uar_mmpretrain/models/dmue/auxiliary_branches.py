"""One copy of the end of the network per class."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

from torch import Tensor, nn

from .bn_neck import BNNeck


class AuxiliaryBranches(nn.Module):
    """C branches; that of class c tells the other C - 1 classes apart.

    Args:
        tail (Sequence[nn.Module]): End of the backbone, to be copied.
        num_classes (int): C.
        bn_neck (BNNeck): Of the main branch.
        share_bn_neck (bool): Use that one instead of another for all
            auxiliary branches.
    """

    def __init__(self, tail: Sequence[nn.Module], num_classes: int,
                 bn_neck: BNNeck, share_bn_neck: bool) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(*copy.deepcopy(list(tail)))
            for _ in range(num_classes))
        width = bn_neck.norm.num_features
        self.classifiers = nn.ModuleList(
            _classifier(width, num_classes - 1) for _ in range(num_classes))
        # Shared, it belongs to the main branch: in a list it is no submodule.
        self._shared = [bn_neck] if share_bn_neck else []
        self.own_bn_neck = None if share_bn_neck else BNNeck(
            width, bn_neck.dropout.p)

    @property
    def bn_neck(self) -> BNNeck:
        """The one that all auxiliary branches use."""
        return self.own_bn_neck or self._shared[0]

    def start_from(self, tail: Sequence[nn.Module]) -> None:
        """Take over the weights of the main branch."""
        weights = nn.Sequential(*tail).state_dict()
        for branch in self.branches:
            branch.load_state_dict(weights)

    def forward(self, branch: int, shared: Tensor,
                pool: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
        """Run one branch.

        Args:
            branch (int): Its class.
            shared (Tensor): N inputs of the tail.
            pool (Callable): What makes ``(N, D)`` features of its output.

        Returns:
            tuple[Tensor, Tensor]: Features ``(N, D)`` after the BN neck, and
            logits ``(N, C - 1)``.
        """
        features = self.bn_neck(pool(self.branches[branch](shared)))
        return features, self.classifiers[branch](features)


def _classifier(width: int, num_classes: int) -> nn.Linear:
    linear = nn.Linear(width, num_classes, bias=False)
    nn.init.normal_(linear.weight, std=0.001)
    return linear
