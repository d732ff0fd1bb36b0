"""mmengine's training by epochs, resumable in the middle of one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.dist import (
    all_gather_object,
    get_rank,
    get_world_size,
    is_main_process,
)
from mmengine.runner import EpochBasedTrainLoop, Runner
from mmpretrain.registry import LOOPS

_INFO = 'mid_epoch'


@LOOPS.register_module()
class ResumableEpochLoop(EpochBasedTrainLoop):
    """Go on after the batch at which :func:`save_mid_epoch` saved.

    mmengine begins the epoch again, and trains on its first batches twice.
    Here they are loaded, so that whatever draws augmentations draws the same,
    but not trained on; then every generator is set as it was. With
    :class:`EpochSeedHook` the weights are those of a training that was never
    stopped. Everything else is mmengine's loop.

    Raises:
        ValueError: If there are fewer images than one batch, or a resumed
            epoch has another number of batches or processes now.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not len(self.dataloader):
            images = len(self.dataloader.sampler)
            raise ValueError(
                f'{images:,} training images per process do not fill one '
                f'batch of {self.dataloader.batch_sampler.batch_size:,}, and '
                'drop_last leaves out what does not. Set train_dataloader.'
                f'batch_size to {images} or less, or train on more images.')

    def run_epoch(self) -> None:
        """Iterate one epoch, or the rest of one."""
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        batches = iter(self.dataloader)
        first = self._skip(batches)
        for idx, data_batch in enumerate(batches, first):
            self.run_iter(idx, data_batch)
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1
        if is_main_process():
            self._remove_mid_epoch()

    def _skip(self, batches: Iterator[Any]) -> int:
        """Pass over what was trained on; return the number of batches."""
        saved = self.runner.message_hub.pop_info(_INFO, None)
        if saved is None:
            return 0
        now = (len(self.dataloader), get_world_size())
        if (saved['batches'], len(saved['generators'])) != now:
            raise ValueError(
                f'the checkpoint was saved after batch {saved["done"]} of '
                f'{saved["batches"]} by {len(saved["generators"])} '
                f'process(es); now there are {now[0]} batches and {now[1]} '
                'process(es). Restore them, or delete the epoch_*_iter_*.pth '
                'in the work dir to go on from the last whole epoch.')
        for _ in range(saved['done']):
            next(batches)
        _set_generators(saved['generators'][get_rank()])
        return saved['done']

    def _remove_mid_epoch(self) -> None:
        """Remove what was saved within epochs that are now saved whole."""
        folder = Path(self.runner.work_dir)
        for path in folder.glob('epoch_*_iter_*.pth'):
            epoch = int(path.stem.split('_')[1])
            if any((folder / f'epoch_{later}.pth').is_file()
                   for later in range(epoch + 1, self._epoch + 1)):
                path.unlink()


def save_mid_epoch(runner: Runner) -> Path:
    """Save a checkpoint from which a :class:`ResumableEpochLoop` goes on.

    Args:
        runner (Runner): At the end of an iteration, after all hooks that
            change anything. All processes must call this.

    Returns:
        Path: ``epoch_E_iter_I.pth``, after E whole epochs and I iterations.
    """
    batches = len(runner.train_dataloader)
    runner.message_hub.update_info(_INFO, dict(
        done=runner.iter + 1 - runner.epoch * batches, batches=batches,
        generators=all_gather_object(_generators())))
    name = f'epoch_{runner.epoch}_iter_{runner.iter + 1}.pth'
    runner.save_checkpoint(runner.work_dir, name, by_epoch=False,
                           backend_args=dict(backend='atomic'))
    return Path(runner.work_dir) / name


def _generators() -> dict[str, Any]:
    """Return the state of every generator, in what a checkpoint may hold."""
    numpy: Any = np.random.get_state()
    kind, keys, *rest = numpy
    state = dict(python=random.getstate(), torch=torch.get_rng_state(),
                 numpy=(kind, torch.from_numpy(keys.astype(np.int64)), *rest))
    if torch.cuda.is_available():
        state['cuda'] = torch.cuda.get_rng_state()
    return state


def _set_generators(state: dict[str, Any]) -> None:
    random.setstate(_tuples(state['python']))
    kind, keys, *rest = state['numpy']
    np.random.set_state((kind, keys.numpy().astype(np.uint32), *rest))
    torch.set_rng_state(state['torch'].cpu())
    if 'cuda' in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state['cuda'].cpu())


def _tuples(value: Any) -> Any:
    if isinstance(value, Sequence):
        return tuple(_tuples(one) for one in value)
    return value
