"""Train and test a deep ensemble from one config."""

from __future__ import annotations

import copy
import gc
from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config
from mmengine.dist import barrier, is_main_process
from mmengine.evaluator import Evaluator
from mmengine.logging import print_log
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from ...routing import fingerprint_weights
from .checkpoints import (
    check_ensemble,
    join_members,
    latest_checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from .ensemble_config import ensemble_config, member_models
from .member_config import fingerprint, member_config, member_dir


# In mmengine's root registry: mmpretrain's tools look there for runners.
@RUNNERS.register_module()
class EnsembleRunner:
    """M independent trainings by mmengine's own Runner, then one ensemble.

    The config is an ordinary mmpretrain config whose ``model`` is one member,
    plus ``runner_type='EnsembleRunner'`` and ``ensemble``:

    - ``num_members`` (int): M.
    - ``seeds`` (list[int], optional): One per member; by default
      ``randomness.seed`` (or 0) counted up.
    - ``members`` (list[int], optional): Members this run trains (default
      all), so that a job array trains M members on M machines. Whichever run
      finds all members finished builds the ensemble.
    - ``checkpoints`` (list[str], optional): Existing member checkpoints to
      test as an ensemble instead of members trained here.
    - ``configs`` (list[str], optional): Config files of those checkpoints
      where their architecture is not this config's.
    - ``kind``, ``batched``, ``compile``, ``channels`` (optional): See
      :class:`EnsembleClassifier`; channels are fitted after training.
    - ``score`` (str, optional): What the router rejects by, 'epistemic'
      (default) or the name of a channel.

    Member k trains in ``work_dir/member_k``; the result is
    ``work_dir/ensemble.pth`` with ``work_dir/router.json`` beside it.
    Finished members are never trained again; with ``resume=True`` an
    interrupted one goes on from its last epoch and ends at the weights it
    would have had (epoch-based loops).

    Args:
        cfg (Config): The whole config.

    Raises:
        ValueError: If ``ensemble`` is missing or inconsistent.
    """

    def __init__(self, cfg: Config) -> None:
        self.cfg = cfg
        options = cfg.get('ensemble')
        if not options:
            raise ValueError(
                'the config has no `ensemble`; EnsembleRunner expects e.g. '
                'ensemble = dict(num_members=5).')
        self.options = options
        self.checkpoints = list(options.get('checkpoints') or [])
        self.num_members = len(self.checkpoints) or options.num_members
        self.seeds = self._seeds()
        self.selected = self._selected()
        self._test_runner: Runner | None = None

    @classmethod
    def from_cfg(cls, cfg: Config) -> EnsembleRunner:
        """Build the runner from a config, as mmengine's tools do."""
        if not isinstance(cfg, Config):
            cfg = Config(dict(cfg))
        return cls(copy.deepcopy(cfg))

    # ------------------------------------------------------------- verbs

    def train(self) -> dict[str, float] | None:
        """Train the selected members; build and validate when all are done.

        Returns:
            dict[str, float] | None: Metrics of the ensemble on the
            validation split; None while members are missing or there is no
            validation split.

        Raises:
            ValueError: If a member was finished with another config, or a
                resume path is given.
        """
        if self.checkpoints:
            raise ValueError('ensemble.checkpoints names finished members; '
                             'there is nothing to train. Use tools/test.py.')
        if self.cfg.get('resume') and self.cfg.get('load_from'):
            raise ValueError(
                f'--resume was given a path ({self.cfg.load_from}); an '
                'ensemble resumes every member from work_dir by itself. Use '
                '--resume without a path.')
        for member in self.selected:
            self._train_member(member)
        missing = [m for m in range(self.num_members)
                   if not self._member_file(m).is_file()]
        if missing:
            print_log(
                f'members {missing} of {self.num_members} are not finished; '
                'the run that finishes the last one builds the ensemble',
                'current')
            return None
        path = self._write_ensemble(
            [self._member_file(m) for m in range(self.num_members)],
            Path(self.cfg.work_dir) / 'ensemble.pth')
        return self._validate(path)

    def val(self) -> dict[str, float]:
        """Evaluate the ensemble on the validation split."""
        return self._ensemble_runner(self._checkpoint(), 'val').val()

    def test(self) -> dict[str, float]:
        """Evaluate the ensemble on the test split."""
        return self._runner_for_test().test()

    @property
    def test_evaluator(self) -> Evaluator:
        """The test evaluator; mmpretrain's ``--out`` adds a metric to it."""
        return self._runner_for_test().test_evaluator

    def _runner_for_test(self) -> Runner:
        if self._test_runner is None:
            self._test_runner = self._ensemble_runner(self._checkpoint(),
                                                      'test')
        return self._test_runner

    # ----------------------------------------------------------- members

    def _train_member(self, member: int) -> None:
        cfg = member_config(self.cfg, member, self.seeds[member])
        mark = fingerprint(cfg)
        if self._is_finished(member, mark):
            print_log(f'member {member} is finished, not trained again',
                      'current')
            return
        self._set_resume(cfg, member, mark)
        print_log(f'training member {member} of {self.num_members} '
                  f'(seed {self.seeds[member]})', 'current')
        runner = Runner.from_cfg(cfg)
        runner.train()
        last = runner.message_hub.get_info('last_ckpt')
        del runner
        gc.collect()
        if is_main_process():
            self._write_member(member, last, mark)
        barrier()

    def _is_finished(self, member: int, mark: str) -> bool:
        path = self._member_file(member)
        if not path.is_file():
            return False
        found = read_checkpoint(path)['meta'].get('fingerprint')
        if found != mark:
            raise ValueError(
                f'{path} was finished with another config (fingerprint '
                f'{found}, now {mark}). Choose another --work-dir, or delete '
                f'{path.parent} to train this member again.')
        return True

    def _set_resume(self, cfg: Config, member: int, mark: str) -> None:
        """Point mmengine at the newest checkpoint that can be read.

        Epochs of a training are never overwritten by another one, nor
        continued with another config.
        """
        folder = member_dir(self.cfg.work_dir, member)
        note = folder / 'fingerprint.txt'
        started = any(folder.glob('epoch_*.pth'))
        if started and not cfg.get('resume'):
            raise ValueError(
                f'{folder} holds an unfinished training of member {member}. '
                'Add --resume to go on with it, or delete the folder.')
        if started and note.is_file() and note.read_text().strip() != mark:
            raise ValueError(
                f'{folder} was begun with another config (fingerprint '
                f'{note.read_text().strip()}, now {mark}). Restore that '
                'config, choose another --work-dir, or delete the folder.')
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(mark + '\n')
        if cfg.get('resume'):
            latest = latest_checkpoint(folder)
            cfg.resume = latest is not None
            cfg.load_from = None if latest is None else str(latest)

    def _write_member(self, member: int, last: str | None,
                      mark: str) -> None:
        """Keep what is needed of the last checkpoint: weights, classes."""
        folder = member_dir(self.cfg.work_dir, member)
        if last is None:
            raise ValueError(
                f'member {member} was trained but not saved in {folder}. '
                'Keep default_hooks.checkpoint with save_last=True.')
        # By name: a resumed folder may have been moved since it was saved.
        checkpoint = read_checkpoint(folder / Path(last).name)
        meta = {key: checkpoint['meta'].get(key)
                for key in ('seed', 'epoch', 'iter', 'dataset_meta')}
        write_checkpoint(
            dict(meta=dict(meta, fingerprint=mark),
                 state_dict=checkpoint['state_dict']),
            self._member_file(member))

    def _member_file(self, member: int) -> Path:
        return member_dir(self.cfg.work_dir, member) / 'member.pth'

    # ---------------------------------------------------------- ensemble

    def _checkpoint(self) -> Path:
        """Return the ensemble checkpoint to evaluate, built if need be."""
        if self.checkpoints:
            return self._write_ensemble(
                self.checkpoints,
                Path(self.cfg.work_dir) / 'ensemble_of_checkpoints.pth')
        path = self.cfg.get('load_from') or (Path(self.cfg.work_dir) /
                                             'ensemble.pth')
        return Path(path)

    def _write_ensemble(self, paths: Sequence[str | Path],
                        out: Path) -> Path:
        """Join member checkpoints into one file."""
        if is_main_process():
            members = member_models(self.cfg, self.num_members)
            checkpoint = join_members(paths, members, None)
            # As mmengine does: who infers needs the pipeline.
            checkpoint['meta']['cfg'] = self.cfg.pretty_text
            write_checkpoint(checkpoint, out)
            print_log(f'ensemble of {len(paths)} members: {out}', 'current')
        barrier()
        return out

    def _ensemble_runner(self, path: Path, split: str) -> Runner:
        """Build mmengine's Runner around the ensemble for one split."""
        check_ensemble(path, self.num_members)
        return Runner.from_cfg(
            ensemble_config(self.cfg, self.num_members, path, split))

    def _validate(self, path: Path) -> dict[str, float] | None:
        """Evaluate a new ensemble, fit its channels, calibrate its router."""
        if not self.cfg.get('val_dataloader'):
            print_log('no val_dataloader: the ensemble is not validated and '
                      'has no router', 'current')
            return None
        if self.options.get('channels'):
            from ..channel_fitting import fit_channels
            print_log(f'channels: {fit_channels(self.cfg, path)}', 'current')
        runner = self._ensemble_runner(path, 'val')
        from ...evaluation.metrics import CalibrateRouter
        calibrate = CalibrateRouter(
            out_file=str(path.with_name('router.json')),
            kind=self.options.get('kind', 'entropy'),
            options=dict(score=self.options.get('score', 'epistemic')),
            checkpoint=fingerprint_weights(
                read_checkpoint(path)['state_dict']))
        calibrate.dataset_meta = runner.val_dataloader.dataset.metainfo
        runner.val_evaluator.metrics.append(calibrate)
        return runner.val()

    # ------------------------------------------------------------ checks

    def _seeds(self) -> list[int]:
        first = (self.cfg.get('randomness') or {}).get('seed') or 0
        seeds = list(self.options.get('seeds') or
                     range(first, first + self.num_members))
        if len(set(seeds)) != self.num_members:
            raise ValueError(
                f'ensemble.seeds is {seeds}; expected {self.num_members} '
                'different seeds: equal seeds train equal members.')
        return seeds

    def _selected(self) -> list[int]:
        selected = self.options.get('members')
        if selected is None:
            return list(range(self.num_members))
        unknown = [m for m in selected if m not in range(self.num_members)]
        if unknown:
            raise ValueError(
                f'ensemble.members names {unknown}; the members are numbered '
                f'0 to {self.num_members - 1}.')
        return list(selected)
