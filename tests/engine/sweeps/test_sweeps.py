"""Which ensembles the sweeps train, on what, and what is made of them."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpretrain.registry import DATASETS, MODELS

from uar_mmpretrain.engine.sweeps import (
    NOISE,
    SIZE,
    Step,
    StepResult,
    collect_sweep,
    find_result,
    list_steps,
    measure,
    run_step,
    step_config,
)
from uar_mmpretrain.evaluation.functional import PredictionTable, read_table

ROOT = Path(__file__).parents[3]


@pytest.fixture
def cfg(tiny_config):
    tiny_config.train_dataloader.dataset.num_images = 96
    tiny_config.train_cfg.max_epochs = 1
    tiny_config.train_cfg.val_interval = 1
    return tiny_config


def test_both_sweeps_share_their_common_ensemble():
    steps = list_steps([0, .2, .5], [.1, .5, 1], repetitions=2)
    assert len(steps) == 12
    names = [step.name for step in steps]
    assert len(set(names)) == 10
    assert names[:6] == [f'repetition_0/{name}' for name in (
        'all_images_own_labels', 'noise_0.2', 'noise_0.5', 'size_0.1',
        'size_0.5', 'all_images_own_labels')]


@pytest.mark.parametrize('change, message', [
    (dict(noise=[0, .5, 1.5]), r'noise=\[0, 0.5, 1.5\]; expected shares'),
    (dict(sizes=[0, .5, 1]), r'sizes=\[0, 0.5, 1\]; expected shares'),
    (dict(noise=[0, .5]), 'noise=.*at least 3 different'),
    (dict(sizes=[.5, .5, 1]), 'sizes=.*at least 3 different'),
    (dict(repetitions=0), '0 repetitions'),
])
def test_impossible_grids(change, message):
    grid = dict(noise=[0, .2, .5], sizes=[.1, .5, 1], repetitions=1)
    with pytest.raises(ValueError, match=message):
        list_steps(**{**grid, **change})


def test_noise_is_in_training_and_in_test(cfg):
    noisy = step_config(cfg, Step(NOISE, .3, 1))
    for loader in (noisy.train_dataloader, noisy.test_dataloader):
        assert loader.dataset.type == 'NoisyLabels'
        assert loader.dataset.fraction == .3
        assert loader.dataset.seed == 1
        assert loader.dataset.dataset.type == 'SyntheticFaces'


def test_a_smaller_set_trains_as_long(cfg):
    whole = step_config(cfg, Step(SIZE, 1, 0)).train_dataloader.dataset
    assert whole == cfg.train_dataloader.dataset
    part = step_config(cfg, Step(SIZE, .25, 0))
    assert part.train_dataloader.dataset.times == 4
    # mmengine's own wrapper looks for data sets in the default scope.
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        few = DATASETS.build(part.train_dataloader.dataset)
    assert len(few) == pytest.approx(whole.num_images, rel=.2)
    ids = {few.get_data_info(i)['image_id'] for i in range(len(few))}
    assert len(ids) == len(few) / 4
    # The test set stays whole.
    assert part.test_dataloader.dataset.type == 'SyntheticFaces'


def test_only_clean_images_are_tested(cfg):
    before = copy.deepcopy(cfg)
    step = step_config(cfg, Step(NOISE, 0, 0))
    assert step.test_dataloader.dataset.split == 'test'
    kinds = [t.type for t in step.test_dataloader.dataset.pipeline]
    assert kinds == ['RenderFace', 'PackFERInputs']
    assert step.val_dataloader is None
    assert cfg.to_dict() == before.to_dict()


def test_no_seed_is_used_twice(cfg):
    cfg.randomness = dict(seed=5)
    seeds = [step_config(cfg, Step(NOISE, .3, r)).ensemble.seeds
             for r in range(3)]
    assert seeds[0] == [5, 6]
    assert len(set(sum(map(list, seeds), []))) == 6


@pytest.mark.parametrize('step', [Step(NOISE, .3, 0), Step(SIZE, .5, 0)])
def test_a_step_is_trained_tested_and_cleared(cfg, step):
    cfg = step_config(cfg, step)
    assert find_result(cfg) is None
    result = run_step(cfg)
    assert find_result(cfg) == result
    folder = Path(cfg.work_dir)
    table = read_table(folder / 'predictions.csv')
    assert len(table) == 40 and table.num_members == 2
    assert measure(table, 'entropy', result.mark) == result
    assert not list(folder.rglob('*.pth'))


def test_the_result_of_another_config_is_refused(cfg):
    step = Step(NOISE, .3, 0)
    done = step_config(cfg, step)
    result = StepResult(.5, .1, .1, mark='another')
    path = Path(done.work_dir) / 'step.json'
    path.parent.mkdir(parents=True)
    path.write_text('{"error": 0.5, "aleatoric": 0.1, "epistemic": 0.1, '
                    f'"mark": "{result.mark}"}}')
    with pytest.raises(ValueError, match='another config.*delete'):
        find_result(done)


def table_of(scores, eval_label):
    num = len(scores)
    return PredictionTable(
        image_id=np.arange(num).astype(str),
        corruption=np.full(num, 'clean'), severity=np.zeros(num, int),
        label=np.zeros(num, int), eval_label=np.array(eval_label),
        member_scores=np.array(scores), classes=('a', 'b'))


def test_measures_by_hand():
    same, torn = [[.5, .5], [.5, .5]], [[1, 0], [0, 1]]
    sure = [[1, 0], [1, 0]]
    result = measure(table_of([sure, sure, same, torn], [0, 1, -1, -1]),
                     'entropy')
    # Of two judged images one is wrong; one image is ambiguous, on one the
    # members contradict each other.
    assert result.error == .5
    assert result.aleatoric == pytest.approx(np.log(2) / 4)
    assert result.epistemic == pytest.approx(np.log(2) / 4)


def test_measuring_needs_members_and_labels():
    with pytest.raises(ValueError, match='one member'):
        measure(table_of([[[1, 0]]], [0]), 'entropy')
    with pytest.raises(ValueError, match='no test image'):
        measure(table_of([[[1, 0], [0, 1]]], [-1]), 'entropy')


def test_results_are_arranged_by_repetition_and_amount():
    results = {
        Step(sweep, amount, r): StepResult(amount / 2, r, 10 * amount, '')
        for r in (1, 0) for sweep in (SIZE, NOISE) for amount in (1, .5, .1)
    }
    sweep = collect_sweep(results, SIZE)
    assert sweep.error.tolist() == [[.05, .25, .5]] * 2
    assert sweep.aleatoric.tolist() == [[0] * 3, [1] * 3]
    assert sweep.epistemic.tolist() == [[1, 5, 10]] * 2


def test_the_default_config_fits_together():
    cfg = Config.fromfile(ROOT / 'configs/disentanglement/synthetic.py')
    assert list_steps(**cfg.disentanglement)
    assert cfg.param_scheduler[-1].end == cfg.train_cfg.max_epochs
    side = cfg.train_dataloader.dataset.image_size
    assert cfg.test_dataloader.dataset.dataset.image_size == side
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        model = MODELS.build(cfg.model)
    logits = model(torch.zeros(2, 3, side, side), mode='tensor')
    assert logits.shape == (2, 1, 8)
