"""Targets that change when an epoch ends."""

from __future__ import annotations

from collections.abc import Iterator

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ...models.targets import EpochTargets


@HOOKS.register_module()
class EpochTargetsHook(Hook):
    """Tell the targets of a model which images it trains on, and when.

    Before the training every :class:`EpochTargets` in the model gets the ids
    of the training images; after each epoch it takes over what it saw.

    Raises:
        ValueError: If the model has no such targets, or a training image has
            no ``image_id``.
    """

    # Before the checkpoint is saved, so that a resumed training goes on with
    # the same targets.
    priority = 'NORMAL'

    def before_train(self, runner: Runner) -> None:
        """Hand the targets the ids of the training images."""
        targets = list(_targets(runner))
        if not targets:
            raise ValueError('EpochTargetsHook: the model has no targets of '
                             'its own. Use a ClassDistributionHead or a '
                             'NeighbourHead, or remove the hook.')
        dataset = runner.train_dataloader.dataset
        ids = [dataset.get_data_info(i).get('image_id')
               for i in range(len(dataset))]
        if None in ids:
            raise ValueError(f'{type(dataset).__name__} names no image_id; '
                             'use a soft-label data set.')
        for one in targets:
            one.start(ids)

    def after_train_epoch(self, runner: Runner) -> None:
        """Go on to the targets of the next epoch."""
        for one in _targets(runner):
            one.end_epoch()


def _targets(runner: Runner) -> Iterator[EpochTargets]:
    return (module for module in runner.model.modules()
            if isinstance(module, EpochTargets))
