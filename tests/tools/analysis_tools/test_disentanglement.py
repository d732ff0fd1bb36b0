"""The tool's own work; an estimator of known answers stands for training."""

import json
from pathlib import Path

import numpy as np
import pytest

from uar_mmpretrain.engine.sweeps import training
from uar_mmpretrain.evaluation.functional import PredictionTable, write_table

TOOL = 'analysis_tools/disentanglement.py'
NUM = 20
SURE, UNDECIDED, TORN = ([[1, 0], [1, 0]], [[.5, .5], [.5, .5]],
                         [[1, 0], [0, 1]])


class Ideal:
    """Ensemble whose parts follow their own cause only, and the error too.

    Every image with a permuted label looks ambiguous; with half of the
    training set missing the members contradict each other on half.
    """

    trained = []
    stop_after = None

    @classmethod
    def from_cfg(cls, cfg):
        runner = cls()
        runner.cfg = cfg
        return runner

    def train(self):
        if len(self.trained) == self.stop_after:
            raise KeyboardInterrupt
        self.trained.append(Path(self.cfg.work_dir).name)
        weights = Path(self.cfg.work_dir) / 'ensemble.pth'
        weights.parent.mkdir(parents=True)
        weights.touch()

    def test(self):
        dataset = self.cfg.train_dataloader.dataset
        share, look = 0, SURE
        if dataset.type == 'NoisyLabels':
            share, look = dataset.fraction, UNDECIDED
        elif dataset.type == 'RepeatDataset':
            share, look = 1 - dataset.dataset.fraction, TORN
        hit = round(share * NUM)
        write_table(PredictionTable(
            image_id=np.arange(NUM).astype(str),
            corruption=np.full(NUM, 'clean'),
            severity=np.zeros(NUM, int), label=np.zeros(NUM, int),
            eval_label=np.arange(NUM) < hit,
            member_scores=np.array([look] * hit + [SURE] * (NUM - hit)),
            classes=('a', 'b')), Path(self.cfg.work_dir) / 'predictions.csv')


@pytest.fixture
def ideal(monkeypatch):
    monkeypatch.setattr(training, 'EnsembleRunner', Ideal)
    monkeypatch.setattr(Ideal, 'trained', [])
    return Ideal


@pytest.fixture
def run(run_tool, tiny_config_file, tmp_path):

    def call(*args):
        run_tool(TOOL, tiny_config_file, '--work-dir', tmp_path / 'work',
                 '--cfg-options', 'disentanglement.noise=[0,.25,.5]',
                 'disentanglement.sizes=[.5,.75,1]', *args)
        return json.loads(
            (tmp_path / 'work/disentanglement.json').read_text())

    return call


def test_ideal_parts_score_zero(ideal, run, capsys, tmp_path):
    record = run('--repetitions', 2)
    assert record['values']['disentanglement_error'] == pytest.approx(0)
    assert record['details']['slope_aleatoric_noise'] == pytest.approx(
        np.log(2))
    assert len(record['steps']) == 12
    # What both sweeps start at is trained once.
    assert ideal.trained == 2 * [
        'all_images_own_labels', 'noise_0.25', 'noise_0.5', 'size_0.5',
        'size_0.75']
    printed = capsys.readouterr().out
    assert '[10/10] repetition_1/size_0.75: error 0.250' in printed
    assert '0.25 of the labels permuted' in printed
    assert 'disentanglement error' in printed
    assert (tmp_path / 'work/disentanglement.png').stat().st_size > 1000


def test_finished_steps_are_not_trained_again(ideal, run, monkeypatch,
                                              capsys):
    monkeypatch.setattr(ideal, 'stop_after', 3)
    with pytest.raises(KeyboardInterrupt):
        run('--repetitions', 1)
    monkeypatch.setattr(ideal, 'stop_after', None)
    first = run('--repetitions', 1)
    assert ideal.trained[3:] == ['size_0.5', 'size_0.75']
    assert '5 ensembles of 2 members, 3 finished' in capsys.readouterr().out
    assert run('--repetitions', 1) == first
    assert len(ideal.trained) == 5
    # A further repetition adds to those there are.
    run('--repetitions', 2)
    assert len(ideal.trained) == 10


def test_another_number_of_members_is_refused(ideal, run):
    run('--repetitions', 1)
    with pytest.raises(ValueError, match='another config'):
        run('--repetitions', 1, '--members', 3)


def test_one_member_is_refused(ideal, run):
    with pytest.raises(ValueError, match='--members 2 or more'):
        run('--members', 1)
    assert not ideal.trained
