"""A deep ensemble: M full networks behind one classifier."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.model import ModuleList
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from ...uncertainty.channels import Evidence
from ..channels import FeatureTaps, build_channels, set_channels
from ..member_pass import MemberPass
from ..member_scores import set_member_scores
from ..nonfinite import check_policy, to_scores
from .by_member import ByMemberClassifier, by_member
from .ensemble_options import check_batched, shared_preprocessor

_PREFIX = 'members.'


@MODELS.register_module()
class EnsembleClassifier(ByMemberClassifier):
    """M independent classifiers; prediction is their mean probability.

    Deep ensembles: Lakshminarayanan et al., arXiv 1612.01474. Members may
    have different architectures but share the data preprocessor and the
    class order.

    Args:
        members (list[dict]): M configs of mmpretrain classifiers.
        kind (str): Decomposition written into the predictions; see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        batched (bool | str): Run all members as one batched pass over
            stacked weights (``torch.func``), same numbers; they must then
            share one architecture. Costs a second copy of the weights. By
            default ('auto') where it is possible and faster, see
            :func:`uar_mmpretrain.models.stacked.stacking_pays`.
        compile (bool | dict): Run the members through ``torch.compile``, a
            dict for its options.
        channels (Sequence[dict]): Further epistemic scores, see
            :mod:`uar_mmpretrain.uncertainty.channels`; in the predictions
            once they are fitted (``tools/fit_channels.py``).
        on_nonfinite (str): What to do about a member whose outputs for an
            image are not finite: 'error', or 'exclude' to predict without it
            as long as two others are left.
        data_preprocessor (dict, optional): As in ``ImageClassifier``; by
            default the members' own, if they have one.
        init_cfg (dict, optional): As in ``BaseModule``.

    Raises:
        ValueError: If there is no member, ``batched`` members differ or
            are random, a member has another data preprocessor, channels
            are asked of ``batched`` or compiled members, or members may be
            left out of channels, which were fitted with all of them.
    """

    def __init__(self,
                 members: Sequence[dict],
                 kind: str = 'entropy',
                 batched: bool | str = 'auto',
                 compile: bool | dict = False,
                 channels: Sequence[dict] = (),
                 on_nonfinite: str = 'error',
                 data_preprocessor: dict | None = None,
                 init_cfg: dict | None = None) -> None:
        if not members:
            raise ValueError('members is empty; expected at least one '
                             'classifier config.')
        if channels and compile:
            raise ValueError('channels look into each member while it runs, '
                             'which a compiled one does not allow. Set '
                             'compile=False, or channels=[].')
        if channels and check_policy(on_nonfinite) == 'exclude':
            raise ValueError("on_nonfinite='exclude' with channels: they "
                             'were fitted with all members. Set '
                             "on_nonfinite='error', or channels=[].")
        preprocessor = shared_preprocessor(data_preprocessor, members)
        # Built here: mmengine would look in its own registry.
        super().__init__(
            init_cfg=init_cfg, data_preprocessor=MODELS.build(preprocessor))
        self.kind = kind
        self.on_nonfinite = check_policy(on_nonfinite)
        self.members = ModuleList(
            MODELS.build(copy.deepcopy(member)) for member in members)
        self.channel_configs = [dict(channel) for channel in channels]
        self.channels = build_channels(self.channel_configs)
        self._taps = FeatureTaps(self.members, self.channels.layers)
        self._run = MemberPass(
            self.members,
            check_batched(batched, members, self.members, channels),
            {} if compile is True else compile or None)

    @property
    def num_members(self) -> int:
        """M."""
        return len(self.members)

    def extract_feat(self, inputs: torch.Tensor) -> list[tuple]:
        """Return each member's features."""
        return [member.extract_feat(inputs) for member in self.members]

    def member_logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return logits ``(N, M, C)``.

        A member that is itself an ensemble (``EnsembleClsHead``) adds all its
        members.
        """
        return torch.cat([by_member(z) for z in self._run(inputs)], dim=1)

    def loss(self, inputs: torch.Tensor,
             data_samples: list[DataSample]) -> dict:
        """Return every member's losses, named ``member{m}.``.

        The members share no parameters, so the sum of their losses gives
        each the gradient it would get alone.
        """
        losses = {}
        for m, member in enumerate(self.members):
            for name, value in member.loss(inputs, data_samples).items():
                losses[f'member{m}.{name}'] = value
        return losses

    def predict(self,
                inputs: torch.Tensor,
                data_samples: list[DataSample] | None = None,
                **kwargs: Any) -> list[DataSample]:
        """Write member scores, their decomposition and fitted channels."""
        if not self.channels.is_fitted:
            return super().predict(inputs, data_samples)
        evidence = self.evidence(inputs)
        samples = set_member_scores(data_samples, to_scores(evidence.logits),
                                    self.kind)
        set_channels(samples, self.channels.score(evidence))
        return samples

    def evidence(self, inputs: torch.Tensor) -> Evidence:
        """Run all members and record what the channels look at.

        Args:
            inputs (torch.Tensor): Preprocessed images ``(N, 3, H, W)``.

        Returns:
            Evidence: Of the N images, without labels.
        """
        with self._taps.record(inputs) as features:
            logits = self.member_logits(inputs)
        return Evidence(logits=logits.float(), features=features)

    def _load_from_state_dict(self, state_dict: dict, prefix: str,
                              *args: Any) -> None:
        """Refuse a checkpoint of another M or C; mmengine would only warn."""
        self._check_state_dict(state_dict, prefix + _PREFIX)
        super()._load_from_state_dict(state_dict, prefix, *args)

    def _check_state_dict(self, state_dict: dict, prefix: str) -> None:
        found = {key[len(prefix):].split('.')[0]
                 for key in state_dict if key.startswith(prefix)}
        if not found:
            raise ValueError(
                'the checkpoint holds no ensemble: none of its '
                f'{len(state_dict)} keys begins with {prefix!r}. It may be a '
                'single member; name all of them in ensemble.checkpoints.')
        if len(found) != self.num_members:
            raise ValueError(
                f'the checkpoint holds {len(found)} members, the config asks '
                f'for {self.num_members}. Set ensemble.num_members='
                f'{len(found)}, or give the matching checkpoint.')
        own = self.state_dict()
        for key, value in state_dict.items():
            name = _PREFIX + key[len(prefix):]
            if key.startswith(prefix) and name in own and (
                    own[name].shape != value.shape):
                raise ValueError(
                    f'{key} has shape {tuple(value.shape)} in the '
                    f'checkpoint and {tuple(own[name].shape)} in the config: '
                    'another architecture or number of classes. Use the '
                    'config the ensemble was trained with.')
