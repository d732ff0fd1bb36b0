"""A deep ensemble: M full networks behind one classifier."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.model import ModuleList
from mmpretrain.models.classifiers import BaseClassifier
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from ...uncertainty.channels import Evidence
from ..channels import FeatureTaps, build_channels, set_channels
from ..member_scores import set_member_scores
from ..threads import run_members

_PREFIX = 'members.'


@MODELS.register_module()
class EnsembleClassifier(BaseClassifier):
    """M independent classifiers; prediction is their mean probability.

    Deep ensembles: Lakshminarayanan et al., arXiv 1612.01474. Members may
    have different architectures but share the data preprocessor and the
    class order.

    Args:
        members (list[dict]): M configs of mmpretrain classifiers.
        kind (str): Decomposition written into the predictions; see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        batched (bool): Run all members as one batched pass over stacked
            weights (``torch.func``), same numbers; they must then share one
            architecture. Costs a second copy of the weights.
        channels (Sequence[dict]): Further epistemic scores, see
            :mod:`uar_mmpretrain.uncertainty.channels`; in the predictions
            once they are fitted (``tools/fit_channels.py``).
        data_preprocessor (dict, optional): As in ``ImageClassifier``; by
            default the members' own, if they have one.
        init_cfg (dict, optional): As in ``BaseModule``.

    Raises:
        ValueError: If there is no member, ``batched`` members differ, a
            member has another data preprocessor, or channels are asked of
            ``batched`` members.
    """

    def __init__(self,
                 members: Sequence[dict],
                 kind: str = 'entropy',
                 batched: bool = False,
                 channels: Sequence[dict] = (),
                 data_preprocessor: dict | None = None,
                 init_cfg: dict | None = None) -> None:
        if not members:
            raise ValueError('members is empty; expected at least one '
                             'classifier config.')
        if batched and any(member != members[0] for member in members):
            raise ValueError('batched=True runs one network over stacked '
                             'weights, but the member configs differ. Set '
                             'batched=False, or give equal configs.')
        if batched and channels:
            raise ValueError('channels look into each member, which '
                             'batched=True runs as one. Set batched=False, '
                             'or channels=[].')
        preprocessor = _shared_preprocessor(data_preprocessor, members)
        # Built here: mmengine would look in its own registry.
        super().__init__(
            init_cfg=init_cfg, data_preprocessor=MODELS.build(preprocessor))
        self.kind = kind
        self.batched = batched
        self.members = ModuleList(
            MODELS.build(copy.deepcopy(member)) for member in members)
        self.channel_configs = [dict(channel) for channel in channels]
        self.channels = build_channels(self.channel_configs)
        self._taps = FeatureTaps(self.members, self.channels.layers)
        self._stacked: tuple | None = None

    @property
    def num_members(self) -> int:
        """M."""
        return len(self.members)

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

    def extract_feat(self, inputs: torch.Tensor) -> list[tuple]:
        """Return each member's features."""
        return [member.extract_feat(inputs) for member in self.members]

    def member_logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return logits ``(N, M, C)``.

        A member that is itself an ensemble (``EnsembleClsHead``) adds all its
        members.
        """
        if self.batched and not self.training:
            logits = self._batched_logits(inputs)
        else:
            logits = run_members(self.members, inputs)
        return torch.cat(
            [z.unsqueeze(1) if z.ndim == 2 else z for z in logits], dim=1)

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

    def predict(
            self,
            inputs: torch.Tensor,
            data_samples: list[DataSample] | None = None
    ) -> list[DataSample]:
        """Write member scores, their decomposition and fitted channels."""
        if not self.channels.is_fitted:
            scores = self.member_logits(inputs).float().softmax(-1)
            return set_member_scores(data_samples, scores, self.kind)
        evidence = self.evidence(inputs)
        samples = set_member_scores(data_samples, evidence.logits.softmax(-1),
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

    def train(self, mode: bool = True) -> EnsembleClassifier:
        """Switch mode; stacked weights would go stale in training."""
        self._stacked = None
        return super().train(mode)

    def _apply(self, *args: Any, **kwargs: Any) -> EnsembleClassifier:
        """Move or cast; stacked weights would stay behind."""
        self._stacked = None
        return super()._apply(*args, **kwargs)

    def _batched_logits(self, inputs: torch.Tensor) -> Sequence[torch.Tensor]:
        if self._stacked is None:
            parameters, buffers = torch.func.stack_module_state(
                list(self.members))
            skeleton = copy.deepcopy(self.members[0]).to('meta')
            self._stacked = (skeleton, parameters, buffers)
        skeleton, parameters, buffers = self._stacked

        def run(parameters: dict, buffers: dict) -> torch.Tensor:
            return torch.func.functional_call(
                skeleton, (parameters, buffers), (inputs, ),
                dict(mode='tensor'))

        return torch.func.vmap(run)(parameters, buffers).unbind(0)

    def _load_from_state_dict(self, state_dict: dict, prefix: str,
                              *args: Any) -> None:
        """Refuse a checkpoint of another M or C; mmengine would only warn."""
        self._stacked = None
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


def _shared_preprocessor(given: dict | None, members: Sequence[dict]) -> dict:
    """Return the one preprocessor config; members see its output only."""
    kind = dict(type='ClsDataPreprocessor')
    own = [{**kind, **member['data_preprocessor']}
           for member in members if member.get('data_preprocessor')]
    shared = {**kind, **(given or (own[0] if own else {}))}
    for one in own:
        if one != shared:
            raise ValueError(
                f'a member has data_preprocessor {one}, the ensemble '
                f'{shared}. All members see the same images: use members '
                'trained with one data_preprocessor.')
    return shared
