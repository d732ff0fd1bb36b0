"""The files of the members in a work dir."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config
from mmengine.runner import Runner

from ...files.atomic_write import atomic_write
from ..checkpoints import (
    changes_since,
    latest_checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from .member_config import fingerprint, member_config, member_dir
from .member_set import check_seed, training_data
from .resumable import resumable


class MemberFiles:
    """What each member has got to, and what it leaves behind.

    Args:
        cfg (Config): The ensemble's config.
        seeds (Sequence[int]): Seed of every member.
    """

    def __init__(self, cfg: Config, seeds: Sequence[int]) -> None:
        self.cfg = cfg
        self.seeds = list(seeds)

    def file(self, member: int) -> Path:
        """Return the path of a finished member's checkpoint."""
        return member_dir(self.cfg.work_dir, member) / 'member.pth'

    def unfinished(self) -> list[int]:
        """Find the members that still have to be trained.

        Returns:
            list[int]: Their numbers, of all members.

        Raises:
            ValueError: If a member was finished with another config.
        """
        return [m for m in range(len(self.seeds))
                if not self.is_finished(m)]

    def config(self, member: int) -> Config:
        """Return the config that trains a member."""
        return member_config(self.cfg, member, self.seeds[member])

    def is_finished(self, member: int) -> bool:
        """Tell whether a member is trained.

        Raises:
            ValueError: If it was trained with another config, or its file
                is another member or cannot be read.
        """
        path = self.file(member)
        if not path.is_file():
            return False
        meta = read_checkpoint(path)['meta']
        check_seed(path, meta.get('seed'), self.seeds[member])
        found = meta.get('fingerprint')
        mark = fingerprint(self.config(member))
        if found != mark:
            raise ValueError(
                f'{path} was finished with another config (fingerprint '
                f'{found}, now {mark}). Choose another --work-dir, or delete '
                f'{path.parent} to train this member again.'
                f'{self._changes(member)}')
        return True

    def begin_or_resume(self, member: int) -> str | None:
        """Note the config, and find the newest checkpoint one can read.

        Epochs of a training are never overwritten by another one, nor
        continued with another config.

        Returns:
            str | None: That checkpoint.

        Raises:
            ValueError: If there is an unfinished training that is not to be
                resumed, or was begun with another config.
        """
        folder = member_dir(self.cfg.work_dir, member)
        mark = fingerprint(self.config(member))
        note = folder / 'fingerprint.txt'
        started = any(folder.glob('epoch_*.pth'))
        if started and not self.cfg.get('resume'):
            raise ValueError(
                f'{folder} holds an unfinished training of member {member}. '
                'Add --resume to go on with it, or delete the folder.')
        if started and note.is_file() and note.read_text().strip() != mark:
            raise ValueError(
                f'{folder} was begun with another config (fingerprint '
                f'{note.read_text().strip()}, now {mark}). Restore that '
                'config, choose another --work-dir, or delete the folder.'
                f'{self._changes(member)}')
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(note) as beside:
            beside.write_text(mark + '\n', encoding='utf-8')
        latest = latest_checkpoint(folder) if started else None
        return None if latest is None else str(latest)

    def write(self, member: int, runner: Runner) -> None:
        """Keep what is needed of the last checkpoint: weights, classes.

        Args:
            member (int): Its number.
            runner (Runner): Has just trained it.

        Raises:
            ValueError: If nothing was saved.
        """
        folder = member_dir(self.cfg.work_dir, member)
        last = runner.message_hub.get_info('last_ckpt')
        if last is None:
            raise ValueError(
                f'member {member} was trained but not saved in {folder}. '
                'Keep default_hooks.checkpoint with save_last=True.')
        # By name: a resumed folder may have been moved since it was saved.
        checkpoint = read_checkpoint(folder / Path(last).name)
        meta = {key: checkpoint['meta'].get(key)
                for key in ('seed', 'epoch', 'iter', 'dataset_meta')}
        meta.update(
            fingerprint=fingerprint(self.config(member)),
            data=training_data(runner.train_dataloader.dataset))
        write_checkpoint(
            dict(meta=meta, state_dict=checkpoint['state_dict']),
            self.file(member))

    def _changes(self, member: int) -> str:
        """Say what is another config than that of the last checkpoint."""
        latest = latest_checkpoint(member_dir(self.cfg.work_dir, member))
        if latest is None:
            return ''
        changes = changes_since(read_checkpoint(latest),
                                resumable(self.config(member)))
        lines = [*changes['weights'], *changes['ignored']]
        return '\n    '.join([' What differs:', *lines]) if lines else ''
