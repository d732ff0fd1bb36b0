"""Say so when a network is tested on a shift it was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from uar_mmpretrain.corruptions import names


@HOOKS.register_module()
class CorruptionOverlapHook(Hook):
    """Warn when the test suite holds corruptions of the training pipeline.

    A network that saw a corruption in training is no longer out of its
    distribution there; the AUROC of its epistemic uncertainty then says
    little. The configs are compared, nothing is built for it.
    """

    affects_weights = False

    def before_train(self, runner: Runner) -> None:
        """Compare before training."""
        _warn(runner)

    def before_test(self, runner: Runner) -> None:
        """Compare before testing."""
        _warn(runner)


def _warn(runner: Runner) -> None:
    trained = set(_corruptions(runner.cfg.get('train_dataloader'),
                               'RandomCorrupt', 'extra'))
    tested = set(_corruptions(runner.cfg.get('test_dataloader'),
                              'CorruptionSuite', 'all'))
    overlap = [n for n in names() if n in trained & tested]
    if overlap:
        runner.logger.warning(
            f"trained and tested on the same corruptions: {', '.join(overlap)}"
            '. The test then measures a familiar shift. Take them out of '
            "CorruptionSuite's or RandomCorrupt's corruptions.")


def _corruptions(config: Any, kind: str, default: str) -> Iterator[str]:
    """Names that the parts of one type apply, anywhere in a config."""
    if isinstance(config, (list, tuple)):
        for item in config:
            yield from _corruptions(item, kind, default)
    elif isinstance(config, dict):
        # A scope such as 'mmpretrain.' may stand before the type.
        if str(config.get('type')).split('.')[-1] == kind:
            chosen = config.get('corruptions', default)
            yield from names(chosen) if isinstance(chosen, str) else chosen
        for value in config.values():
            yield from _corruptions(value, kind, default)
