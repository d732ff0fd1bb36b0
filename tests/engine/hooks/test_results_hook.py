"""ResultsHook in a real test loop of mmengine."""

import json

import numpy as np
import pytest
import torch
from mmengine.evaluator import BaseMetric
from mmengine.model import BaseModel
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS
from mmpretrain.structures import DataSample

from uar_mmpretrain.evaluation.functional import read_table
from uar_mmpretrain.evaluation.metrics import (
    DecompositionMetric,
    RoutingMetric,
)
from uar_mmpretrain.routing import Action, Router, fingerprint_weights

CLASSES = ('neutral', 'happiness', 'sadness')


class Ensemble(BaseModel):
    """Hands each image's prepared member scores back as its prediction."""

    kind = 'entropy'

    def forward(self, inputs, data_samples=None, mode='predict'):
        for scores, sample in zip(inputs, data_samples):
            sample.set_field(scores, 'member_scores')
            sample.set_pred_score(scores.mean(0))
        return data_samples


class Faces(torch.utils.data.Dataset):
    """Thirty faces, clean and corrupted, with votes."""

    metainfo = dict(classes=CLASSES, label_rule='raw', num_images=30)

    def __init__(self, num_members):
        rng = np.random.default_rng(0)
        truth = rng.dirichlet(np.full(3, .4), size=30)
        self.items = []
        for corruption, severity in (('clean', 0), ('fog', 1), ('fog', 5)):
            spread = .3 + .2 * severity
            logits = np.log(truth + .02)[:, None] + spread * rng.normal(
                size=(30, num_members, 3))
            scores = torch.from_numpy(logits).float().softmax(-1)
            for i, row in enumerate(truth):
                sample = DataSample(metainfo=dict(
                    image_id=f'{i}.png', corruption=corruption,
                    severity=severity, eval_label=int(row.argmax())))
                sample.set_gt_label(int(row.argmax()))
                sample.set_field(torch.from_numpy(np.round(10 * row)).float(),
                                 'gt_votes')
                self.items.append(dict(inputs=scores[i], data_samples=sample))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


class Foreign(BaseMetric):
    """A metric that knows nothing of this package."""

    default_prefix = 'foreign'

    def process(self, data_batch, data_samples):
        self.results.extend(data_samples)

    def compute_metrics(self, results):
        return dict(count=len(results), text='no number')


@pytest.fixture
def run(tmp_path):
    """Test through a runner; returns it and its metrics."""

    def build(num_members=2, load_from=None, metrics=None):
        if metrics is None:
            metrics = [DecompositionMetric(num_resamples=20),
                       RoutingMetric(num_resamples=20)]
        runner = Runner(
            model=Ensemble(), work_dir=str(tmp_path / 'work'),
            test_dataloader=dict(
                dataset=Faces(num_members), batch_size=16, num_workers=0,
                sampler=dict(type='DefaultSampler', shuffle=False)),
            test_evaluator=metrics, test_cfg=dict(), load_from=load_from,
            custom_hooks=[dict(type='ResultsHook')],
            default_scope='mmpretrain', experiment_name=tmp_path.name)
        return runner, runner.test()

    return build


def results(tmp_path):
    return json.loads((tmp_path / 'work/test/metrics.json').read_text())


def predictions(tmp_path):
    path, = (tmp_path / 'work/test').glob('predictions.*')
    return read_table(path)


def log(tmp_path):
    path, = (tmp_path / 'work').rglob('*.log')
    return path.read_text()


def test_files_and_table(run, tmp_path):
    _, metrics = run()
    table = predictions(tmp_path)
    assert len(table) == 90 and table.num_members == 2
    assert table.classes == CLASSES and table.action is None
    found = results(tmp_path)
    # The classes are judged in every test, by whatever metrics it has.
    assert metrics == {key: value for key, value in found['metrics'].items()
                       if not key.startswith('per_class/')}
    assert found['metrics']['per_class/num_images'] == 30
    assert found['metrics']['predictions/num_rows'] == 90
    assert found['num_members'] == 2
    assert found['dataset']['label_rule'] == 'raw'
    assert 'routing/realised_total_at_50' in found['details']
    assert {file.name for file in (tmp_path / 'work/test').rglob('*.png')} \
        == {'uncertainty_plane.png', 'auroc_by_severity.png',
            'retention.png', 'reliability.png', 'risk_coverage.png'}
    text = log(tmp_path)
    assert 'mean over classes' in text
    assert 'Spearman, aleatoric and votes' in text
    assert str(tmp_path / 'work/test/metrics.json') in text
    assert 'no router.json in' in text


def test_router_beside_the_checkpoint_wins(run, tmp_path):
    beside = tmp_path / 'train'
    router = Router(.02, .3)
    router.save(beside / 'router.json')
    Router(9., 9.).save(tmp_path / 'work/router.json')
    torch.save(dict(state_dict={}, meta={}), beside / 'ensemble.pth')
    run(load_from=str(beside / 'ensemble.pth'))
    table = predictions(tmp_path)
    np.testing.assert_array_equal(table.action,
                                  router.route(table.decompose()))
    assert len(np.unique(table.action)) == 3
    found = results(tmp_path)
    assert found['router']['tau_epistemic'] == .02
    assert 'actions/corrupted_reject' in found['metrics']


def test_router_in_the_work_dir(run, tmp_path):
    Router(-1., 0.).save(tmp_path / 'work/router.json')
    run()
    assert set(predictions(tmp_path).action) == {Action.REJECT}


@pytest.mark.parametrize('changes, message', [
    (dict(checkpoint='0' * 16), 'router.json: .*checkpoint 0000.*move the'),
    (dict(classes=CLASSES[::-1]), 'classes sadness, happiness, neutral; '),
    (dict(kind='variance'), 'decomposition variance; found entropy'),
])
def test_a_router_of_something_else_is_refused(run, tmp_path, changes,
                                               message):
    torch.save(dict(state_dict=dict(w=torch.ones(2)), meta={}),
               tmp_path / 'ensemble.pth')
    Router(.02, .3, **changes).save(tmp_path / 'router.json')
    with pytest.raises(ValueError, match=message):
        run(load_from=str(tmp_path / 'ensemble.pth'))
    assert not list((tmp_path / 'work/test').glob('predictions.*'))


def test_a_router_of_these_weights(run, tmp_path):
    state = dict(w=torch.ones(2))
    torch.save(dict(state_dict=state, meta={}), tmp_path / 'ensemble.pth')
    Router(.02, .3, classes=CLASSES,
           checkpoint=fingerprint_weights(state)).save(
               tmp_path / 'router.json')
    run(load_from=str(tmp_path / 'ensemble.pth'), metrics=[])
    assert predictions(tmp_path).action is not None


def test_a_single_member(run, tmp_path):
    Router(.1, .1).save(tmp_path / 'work/router.json')
    run(num_members=1)
    notes = results(tmp_path)['notes']
    assert 'one member' in notes['predictions/action']
    assert 'one member' in notes['decomposition/epistemic']
    assert predictions(tmp_path).action is None


def test_foreign_metrics_and_their_kind(run, tmp_path):
    run(metrics=[Foreign(), DecompositionMetric('variance',
                                                num_resamples=20)])
    found = results(tmp_path)
    assert found['metrics']['foreign/count'] == 90
    assert 'foreign/text' not in found['metrics']
    assert found['settings']['predictions']['kind'] == 'variance'


def test_leaves_the_evaluator_as_it_was(run):
    runner, first = run()
    assert len(runner.test_evaluator.metrics) == 2
    assert runner.test() == first
    assert len(runner.test_evaluator.metrics) == 2


def test_is_registered():
    assert HOOKS.build(dict(type='ResultsHook', out_dir='x')).out_dir == 'x'
