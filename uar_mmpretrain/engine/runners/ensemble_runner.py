"""Train and test a deep ensemble from one config."""

from __future__ import annotations

import copy
import gc
from pathlib import Path

from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.evaluator import Evaluator
from mmengine.logging import print_log
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from ...files.atomic_write import remove_leftovers
from ...routing import fingerprint_weights
from ..checkpoints import read_checkpoint
from ..preemption import exit_when_asked
from ..processes import from_main, start_processes
from ..results_table import results_table
from .ensemble_config import ensemble_config
from .ensemble_file import check_ensemble, write_ensemble
from .member_config import member_seeds, selected_members
from .member_files import MemberFiles
from .resumable import resumable

_OPTIONS = ('num_members', 'seeds', 'members', 'merge', 'checkpoints',
            'configs', 'kind', 'score', 'channels', 'batched', 'compile',
            'on_nonfinite')


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
      finds all members finished builds the ensemble; an empty list only
      does that, and refuses while members are missing.
    - ``merge`` (bool, optional): Whether this run may build the ensemble
      (default True).
    - ``checkpoints`` (list[str], optional): Existing member checkpoints to
      test as an ensemble instead of members trained here.
    - ``configs`` (list[str], optional): Config files of those checkpoints
      where their architecture is not this config's.
    - ``kind``, ``batched``, ``compile``, ``channels``, ``on_nonfinite``
      (optional): See :class:`EnsembleClassifier`; channels are fitted after
      training.
    - ``score`` (str, optional): What the router rejects by, 'epistemic'
      (default) or the name of a channel.

    Member k trains in ``work_dir/member_k``; the result is
    ``work_dir/ensemble.pth`` with ``work_dir/router.json`` beside it.
    Finished members are never trained again; with ``resume=True`` an
    interrupted one goes on from its newest checkpoint and ends at the weights
    it would have had (epoch-based loops).

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
        unknown = sorted(set(options) - set(_OPTIONS))
        if unknown:
            raise ValueError(f'ensemble has no option {", ".join(unknown)}; '
                             f'it has {", ".join(_OPTIONS)}.')
        self.options = options
        self.checkpoints = list(options.get('checkpoints') or [])
        number = len(self.checkpoints) or options.get('num_members')
        if not isinstance(number, int) or number < 1:
            raise ValueError(f'ensemble.num_members is {number!r}; expected '
                             'a number of 1 or more.')
        self.num_members = number
        self.seeds = member_seeds(cfg, self.num_members)
        self.members = MemberFiles(cfg, self.seeds)
        self.selected = selected_members(cfg, self.num_members)
        self._test_runner: Runner | None = None

    @classmethod
    def from_cfg(cls, cfg: Config) -> EnsembleRunner:
        """Build the runner from a config, as mmengine's tools do."""
        if not isinstance(cfg, Config):
            cfg = Config(dict(cfg))
        return cls(copy.deepcopy(cfg))

    # ------------------------------------------------------------- verbs

    @exit_when_asked()
    def train(self) -> dict[str, float] | None:
        """Train the selected members; build and validate when all are done.

        Returns:
            dict[str, float] | None: Metrics of the ensemble on the
            validation split; None while members are missing or there is no
            validation split.

        Raises:
            ValueError: If a member was finished with another config, the
                members do not belong together, some are missing and none
                is to be trained, or a resume path is given.
        """
        if self.checkpoints:
            raise ValueError('ensemble.checkpoints names finished members; '
                             'there is nothing to train. Use tools/test.py.')
        if self.cfg.get('resume') and self.cfg.get('load_from'):
            raise ValueError(
                f'--resume was given a path ({self.cfg.load_from}); an '
                'ensemble resumes every member from work_dir by itself. Use '
                '--resume without a path.')
        start_processes(self.cfg)
        from_main(remove_leftovers, self.cfg.work_dir)
        for member in self.selected:
            self._train_member(member)
        if not self.options.get('merge', True):
            return None
        missing = from_main(self.members.unfinished)
        if missing and not self.selected:
            raise ValueError(
                f'members {missing} of {self.num_members} are not finished '
                f'in {self.cfg.work_dir}, so there is no ensemble to build. '
                f'Train them: --resume --cfg-options ensemble.members='
                f'"{missing}".')
        if missing:
            print_log(
                f'members {missing} of {self.num_members} are not finished; '
                'the run that finishes the last one builds the ensemble',
                'current')
            return None
        path = Path(self.cfg.work_dir) / 'ensemble.pth'
        files = [self.members.file(m) for m in range(self.num_members)]
        from_main(write_ensemble, self.cfg, files, path)
        return self._validate(path)

    def val(self) -> dict[str, float]:
        """Evaluate the ensemble on the validation split."""
        start_processes(self.cfg)
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
            start_processes(self.cfg)
            self._test_runner = self._ensemble_runner(self._checkpoint(),
                                                      'test')
        return self._test_runner

    # ----------------------------------------------------------- members

    def _train_member(self, member: int) -> None:
        if from_main(self.members.is_finished, member):
            print_log(f'member {member} is finished, not trained again',
                      'current')
            return
        cfg = self.members.config(member)
        latest = from_main(self.members.begin_or_resume, member)
        if cfg.get('resume'):
            cfg.resume, cfg.load_from = latest is not None, latest
        print_log(f'training member {member} of {self.num_members} '
                  f'(seed {self.seeds[member]})', 'current')
        runner = Runner.from_cfg(resumable(cfg))
        runner.train()
        from_main(self.members.write, member, runner)
        del runner
        gc.collect()

    # ---------------------------------------------------------- ensemble

    def _checkpoint(self) -> Path:
        """Return the ensemble checkpoint to evaluate, built if need be."""
        folder = Path(self.cfg.work_dir)
        if self.checkpoints and self.cfg.get('load_from'):
            raise ValueError(
                f'both a checkpoint ({self.cfg.load_from}) and '
                'ensemble.checkpoints are given; give one of them.')
        if self.checkpoints:
            path = folder / 'ensemble_of_checkpoints.pth'
            from_main(write_ensemble, self.cfg, self.checkpoints, path)
            return path
        return Path(self.cfg.get('load_from') or folder / 'ensemble.pth')

    def _ensemble_runner(self, path: Path, split: str) -> Runner:
        """Build mmengine's Runner around the ensemble for one split."""
        check_ensemble(
            path, self.num_members,
            self.options.get('on_nonfinite', 'error') == 'error')
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
        values = runner.val()
        if is_main_process():
            table = results_table(runner.val_evaluator, values,
                                  [path, calibrate.out_file])
            print_log(f'validation split\n{table}', 'current')
        return values
