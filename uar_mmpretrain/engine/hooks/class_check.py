"""Head, data set and checkpoint must mean the same classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS


@HOOKS.register_module()
class ClassCheckHook(Hook):
    """Compare class lists before anything is trained or tested.

    Raises:
        ValueError: If a head's ``num_classes`` is not the data set's number
            of classes, or a checkpoint's class order is not that of the data
            set it is validated or tested on.
    """

    priority = 'VERY_HIGH'
    affects_weights = False

    def __init__(self) -> None:
        self._trained_on: Sequence[str] | None = None

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Remember the classes the checkpoint was trained on."""
        meta = checkpoint.get('meta') or {}
        self._trained_on = (meta.get('dataset_meta') or {}).get('classes')

    def before_train(self, runner: Runner) -> None:
        """Check the heads against the training and validation sets."""
        # Fine-tuning may change the classes on purpose; testing may not.
        self._trained_on = None
        _check_heads(runner, runner.train_dataloader.dataset)
        if runner.val_loop is not None:
            _check_heads(runner, runner.val_dataloader.dataset)

    def before_val(self, runner: Runner) -> None:
        """Check heads and checkpoint against the validation set."""
        self._check(runner, runner.val_dataloader.dataset)

    def before_test(self, runner: Runner) -> None:
        """Check heads and checkpoint against the test set."""
        self._check(runner, runner.test_dataloader.dataset)

    def _check(self, runner: Runner, dataset: Any) -> None:
        _check_heads(runner, dataset)
        stored = self._trained_on
        if not stored:
            return
        classes = dataset.metainfo.get('classes')
        if classes and tuple(stored) != tuple(classes):
            raise ValueError(
                f'the checkpoint was trained on classes {_join(stored)}; '
                f'{_name(dataset)} has {_join(classes)}. Set the data '
                "set's classes to the checkpoint's.")


def _check_heads(runner: Runner, dataset: Any) -> None:
    classes = dataset.metainfo.get('classes')
    if classes is None:
        return
    model = runner.model
    model = model.module if is_model_wrapper(model) else model
    for name, module in model.named_modules():
        num_classes = getattr(module, 'num_classes', None)
        if name.endswith('head') and isinstance(
                num_classes, int) and num_classes != len(classes):
            odd = (f'No output stands for {classes[num_classes]!r}'
                   if num_classes < len(classes) else
                   f'Output {len(classes)}, counted from 0, is no class')
            raise ValueError(
                f'{name} has num_classes={num_classes}, but '
                f'{_name(dataset)} has {len(classes)} classes: '
                f'{_join(classes)}. {odd}. Set model.head.num_classes='
                f'{len(classes)}, or the classes of the data set.')


def _name(dataset: Any) -> str:
    """Return the data set's type and annotation file."""
    while hasattr(dataset, 'dataset'):
        dataset = dataset.dataset
    where = getattr(dataset, 'ann_file', '')
    # Ours find their label file by themselves.
    if hasattr(dataset, 'label_path'):
        where = dataset.label_path()
    where = where or getattr(dataset, 'data_root', '')
    return f'{type(dataset).__name__}{f" ({where})" if where else ""}'


def _join(classes: Sequence[str]) -> str:
    return ', '.join(classes)
