import sys

import pytest

from uar_mmpretrain.engine.comparison import StepFailed, run_logged
from uar_mmpretrain.engine.comparison.steps import trained_checkpoint


def test_everything_printed_goes_to_the_log(tmp_path):
    log = tmp_path / 'a' / 'train.log'
    code = 'import sys; print("out"); print("err", file=sys.stderr)'
    told = []
    for _ in range(2):
        run_logged('A, train', [sys.executable, '-c', code], log, told.append)
    assert sorted(log.read_text().split()) == ['err'] * 2 + ['out'] * 2
    assert told == 2 * [f'A, train: started, log in {log}',
                        'A, train: finished']


def test_a_crash_is_told_with_its_last_words(tmp_path):
    log = tmp_path / 'train.log'
    with pytest.raises(StepFailed, match='code 1.*out of luck.*train.log'):
        run_logged('A', [sys.executable, '-c',
                         'raise ValueError("out of luck")'], log, print)
    with pytest.raises(StepFailed, match='code 7'):
        run_logged('A', [sys.executable, '-c', 'import os; os._exit(7)'],
                   log, print)


def test_what_a_training_leaves(tmp_path):
    with pytest.raises(StepFailed, match='neither'):
        trained_checkpoint(tmp_path)
    (tmp_path / 'last_checkpoint').write_text('/elsewhere/epoch_2.pth')
    with pytest.raises(StepFailed, match='neither'):
        trained_checkpoint(tmp_path)
    (tmp_path / 'epoch_2.pth').touch()
    assert trained_checkpoint(tmp_path) == tmp_path / 'epoch_2.pth'
    (tmp_path / 'ensemble.pth').touch()
    assert trained_checkpoint(tmp_path) == tmp_path / 'ensemble.pth'
