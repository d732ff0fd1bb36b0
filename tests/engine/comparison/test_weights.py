"""Methods that take the weights of another one; the tools are stubbed."""

from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config

from uar_mmpretrain.engine.comparison import (
    collect_figures,
    read_methods,
    run_methods,
)
from uar_mmpretrain.evaluation.functional import PredictionTable, write_table
from uar_mmpretrain.visualization import Results

CONFIG = '''
model = dict(type='Net')
train_dataloader = dict(dataset=dict(type='Faces'), batch_size=4)
test_dataloader = dict(dataset=dict(type='Faces'), batch_size=4)
work_dir = None
'''
# Two members and two images, whose right classes are 0 and 1: the first
# member is right about both, the second about one.
SCORES = np.array([[[0.9, 0.1], [0.6, 0.4]], [[0.4, 0.6], [0.7, 0.3]]])


class Tools:
    """Writes what the tools would; an ensemble has two members."""

    def __init__(self):
        self.calls = []
        self.adopted = {}

    def __call__(self, name, command, log, tell):
        step, cfg = Path(command[1]).stem, Config.fromfile(command[2])
        folder = Path(command[command.index('--work-dir') + 1])
        method = Path(command[2]).parent.name
        self.calls.append((method, step))
        folder.mkdir(parents=True, exist_ok=True)
        if step == 'train':
            member = folder / 'member_0' / 'member.pth'
            if member.is_file():
                self.adopted[method] = member.read_text()
            else:
                member.parent.mkdir()
                member.write_text('first')
            (folder / 'ensemble.pth').write_text('ensemble')
            return
        members = cfg.get('ensemble', dict(num_members=1))['num_members']
        write_table(PredictionTable(
            image_id=['0.png', '1.png'], corruption=['clean'] * 2,
            severity=[0] * 2, label=[0, 1], eval_label=[0, 1],
            member_scores=SCORES[:, :members], classes=('a', 'b')),
            folder / 'test' / 'predictions.csv')
        Results(metrics={}).save(folder / 'test' / 'metrics.json')


@pytest.fixture
def tools():
    return Tools()


@pytest.fixture
def make_methods(tmp_path):

    def make(cfg_options=None, **weights):
        file = tmp_path / 'config.py'
        file.write_text(CONFIG)
        return read_methods(dict(methods=[
            dict(name='UAR', config=str(file),
                 cfg_options={'ensemble.num_members': 2}),
            dict(name='LDL', config=str(file), cfg_options=cfg_options or {},
                 weights=dict(method='UAR', file='member_0/member.pth',
                              **weights))]))

    return make


def run(methods, root, tools):
    return list(run_methods(methods, root, None, tools, lambda text: 0))


def test_an_ensemble_starts_from_them_as_its_member(tmp_path, tools,
                                                    make_methods):
    methods = make_methods({'ensemble.num_members': 1})
    outcome = run(methods, tmp_path, tools)[1]
    assert not outcome.error
    assert tools.calls == [('uar', 'train'), ('uar', 'test'),
                           ('ldl', 'train'), ('ldl', 'test')]
    assert tools.adopted == dict(ldl='first')
    # What the weights cost was spent there.
    assert outcome.trained_in == tmp_path / 'uar' / 'train' / 'member_0'
    # Again there is nothing to do.
    assert run(methods, tmp_path, tools)[1] == outcome
    assert len(tools.calls) == 4


def test_other_weights_are_not_taken_for_the_same(tmp_path, tools,
                                                  make_methods):
    methods = make_methods({'ensemble.num_members': 1})
    run(methods, tmp_path, tools)
    (tmp_path / 'uar' / 'train' / 'member_0' / 'member.pth').write_text('2nd')
    assert 'other weights' in run(methods, tmp_path, tools)[1].error


def test_another_preprocessor_is_refused(tmp_path, tools, make_methods):
    methods = make_methods({'data_preprocessor.mean': [1.]})
    first, second = run(methods, tmp_path, tools)
    assert not first.error
    assert "data_preprocessor is {'mean': [1.0]}" in second.error
    assert 'UAR were trained with None' in second.error


def test_all_members_are_averaged(tmp_path, tools, make_methods):
    outcomes = run(make_methods(all_members=True), tmp_path, tools)
    figures, failures = collect_figures(outcomes, 20, tell=lambda text: 0)
    assert not failures
    ensemble, members = figures
    # Together: 0.75 for class 0 and 0.55 for it, wrong about the second.
    assert ensemble.estimates['accuracy'].value == 0.5
    assert members.estimates['accuracy'].value == 0.75
    assert members.spread['accuracy'] == pytest.approx(0.125 ** 0.5)
    assert members.trainings == 2
    # What it costs is what was tested here: one network.
    assert members.estimates['forward_passes'].value == 1
    assert ensemble.estimates['forward_passes'].value == 2


def test_one_member_is_judged_alone(tmp_path, tools, make_methods):
    outcomes = run(make_methods(), tmp_path, tools)
    figures, _ = collect_figures(outcomes, 20, tell=lambda text: 0)
    assert figures[1].estimates['accuracy'].value == 1
    assert figures[1].trainings == 1


def test_all_members_need_the_test_of_the_ensemble(tmp_path, tools,
                                                   make_methods):
    def broken(name, command, log, tell):
        if name == 'UAR, test':
            raise ValueError('no luck')
        tools(name, command, log, tell)

    outcomes = run(make_methods(all_members=True), tmp_path, broken)
    figures, failures = collect_figures(outcomes, 20, tell=lambda text: 0)
    assert not figures
    assert failures == dict(UAR='no luck',
                            LDL='needs the test of UAR: no luck')
