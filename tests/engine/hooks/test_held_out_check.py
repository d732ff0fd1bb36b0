"""No image is both trained on and calibrated on."""

import cv2
import numpy as np
import pytest

from uar_mmpretrain.datasets import SoftLabelDataset
from uar_mmpretrain.engine import HeldOutCheckHook


@pytest.fixture
def table(tmp_path):
    """Write a table of some of five pictures; return it as a data set."""
    for name in 'abcde':
        cv2.imwrite(str(tmp_path / f'{name}.png'),
                    np.zeros((8, 8), np.uint8))

    def make(file, names):
        rows = [f'{name}.png,1,2\n' for name in names]
        (tmp_path / file).write_text(
            ''.join(['img_path,vote_fear,vote_anger\n', *rows]))
        return SoftLabelDataset(file, str(tmp_path),
                                classes=['fear', 'anger'])

    return make


def test_an_image_in_two_tables(toy_runner, table):
    runner = toy_runner(2, [HeldOutCheckHook()],
                        train=table('train.csv', 'abc'),
                        val=table('val.csv', 'ecb'))
    with pytest.raises(ValueError, match='2 of 3 images of val_dataloader are '
                       r'also in the train split \(first: b.png\).*take them '
                       'out of one of the two'):
        runner.train()
    assert runner.iter == 0


class Trained(Exception):
    """Stands for the training that would begin now."""


@pytest.mark.parametrize('names', ['de', None])
def test_held_out_or_no_validation_passes(toy_runner, table, monkeypatch,
                                          names):
    val = names and table('val.csv', names)
    runner = toy_runner(2, [HeldOutCheckHook()],
                        train=table('train.csv', 'abc'), val=val)

    def begin(*args):
        raise Trained

    monkeypatch.setattr('mmengine.runner.EpochBasedTrainLoop.run_epoch',
                        begin)
    with pytest.raises(Trained):
        runner.train()


def test_data_without_names_is_not_compared(toy_runner, toy_set):
    points = toy_set(('a', 'b'))
    toy_runner(2, [HeldOutCheckHook()], train=points, val=points).train()
