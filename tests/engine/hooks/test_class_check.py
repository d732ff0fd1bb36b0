"""Head, data set and checkpoint must mean the same classes."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from mmpretrain.registry import HOOKS
from torch.nn import ModuleList

from uar_mmpretrain.datasets.ferplus import FERPlus
from uar_mmpretrain.engine import ClassCheckHook

HOOK = [dict(type='ClassCheckHook')]
AB, BA, ABC = ('a', 'b'), ('b', 'a'), ('a', 'b', 'c')


@pytest.fixture
def checkpoint(toy_runner, toy_set):
    """A checkpoint trained on a, b."""
    runner = toy_runner(2, HOOK, train=toy_set(AB))
    runner.train()
    return str(Path(runner.work_dir) / 'epoch_1.pth')


def test_registered_and_early():
    hook = HOOKS.build(dict(type='ClassCheckHook'))
    assert isinstance(hook, ClassCheckHook)
    assert hook.priority == 'VERY_HIGH'


def test_agreement_passes(toy_runner, toy_set, checkpoint):
    runner = toy_runner(2, HOOK, train=toy_set(AB), val=toy_set(AB),
                        test=toy_set(AB), load_from=checkpoint)
    runner.train()
    runner.test()


def test_head_against_the_training_set(toy_runner, toy_set):
    runner = toy_runner(2, HOOK, train=toy_set(ABC, ann_file='train.csv'))
    with pytest.raises(ValueError, match=r'^head has num_classes=2, but '
                       r"ToySet \(train.csv\) has 3 classes: a, b, c. No "
                       "output stands for 'c'. Set model.head.num_classes=3"):
        runner.train()
    # Before anything was trained.
    assert runner.iter == 0
    assert not list(Path(runner.work_dir).rglob('*.pth'))


def test_head_against_the_validation_set(toy_runner, toy_set):
    runner = toy_runner(2, HOOK, train=toy_set(AB),
                        val=toy_set(ABC, ann_file='val.csv'))
    with pytest.raises(ValueError, match=r'num_classes=2.*\(val.csv\) has 3'):
        runner.train()
    assert runner.iter == 0


@pytest.mark.parametrize('verb', ['val', 'test'])
def test_head_in_evaluation(toy_runner, toy_set, verb):
    runner = toy_runner(3, HOOK, **{verb: toy_set(AB)})
    with pytest.raises(ValueError, match='num_classes=3.*2 classes: a, b. '
                       'Output 2, counted from 0, is no class'):
        getattr(runner, verb)()


def test_a_label_file_the_data_set_found_is_named(toy_runner, tmp_path):
    # One face; the configs of FER+ name a folder only.
    folder = tmp_path / 'FER2013Train'
    folder.mkdir()
    cv2.imwrite(str(folder / 'a.png'), np.zeros((48, 48), np.uint8))
    (folder / 'label.csv').write_text(
        'a.png,"(0, 0, 48, 48)",9,1,0,0,0,0,0,0,0,0\n')
    runner = toy_runner(7, HOOK, train=FERPlus(str(tmp_path)))
    with pytest.raises(ValueError, match=r'FERPlus \(.*FER2013Train/label.csv'
                       r"\) has 8 classes.*No output stands for 'contempt'"):
        runner.train()


@pytest.mark.parametrize('verb', ['val', 'test'])
def test_class_order_of_the_checkpoint(toy_runner, toy_set, checkpoint,
                                       verb):
    runner = toy_runner(2, HOOK, load_from=checkpoint,
                        **{verb: toy_set(BA, ann_file='other.csv')})
    with pytest.raises(ValueError, match=r'checkpoint was trained on classes '
                       r'a, b; ToySet \(other.csv\) has b, a'):
        getattr(runner, verb)()


def test_fine_tuning_may_change_the_classes(toy_runner, toy_set, checkpoint):
    runner = toy_runner(2, HOOK, load_from=checkpoint, train=toy_set(BA),
                        val=toy_set(BA), test=dict(
                            type=toy_set, classes=BA, ann_file='test.csv'))
    runner.train()
    # Training needs no test set, on disk or in memory.
    assert 'test.csv' not in toy_set.read
    runner.test()
    assert 'test.csv' in toy_set.read


def test_no_classes_known_nothing_to_compare(toy_runner, toy_set,
                                             checkpoint):
    runner = toy_runner(3, HOOK, test=toy_set(None))
    runner.test()
    hook = ClassCheckHook()
    for meta in ({}, dict(meta=None), dict(meta=dict(dataset_meta=None))):
        hook.after_load_checkpoint(runner, meta)
        hook.before_test(runner)


def test_every_head_and_the_innermost_data_set_are_named(toy_runner, toy_set):

    class Wrapper:
        """As CorruptionSuite: a data set around a data set."""

        def __init__(self, dataset):
            self.dataset = dataset
            self.metainfo = dataset.metainfo

        def __len__(self):
            return len(self.dataset)

        def __getitem__(self, index):
            return self.dataset[index]

    runner = toy_runner(2, HOOK,
                        test=Wrapper(toy_set(AB, ann_file='inner.csv')))
    other = toy_runner(5, []).model
    runner.model.members = ModuleList([other])
    with pytest.raises(ValueError, match=r'^members.0.head has num_classes=5, '
                       r'but ToySet \(inner.csv\)'):
        runner.test()
