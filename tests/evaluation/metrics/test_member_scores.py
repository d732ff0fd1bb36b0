"""From data samples to tables, in one process and in two."""

import json

import numpy as np
import pytest
import torch
from mmengine.dataset import DefaultSampler
from mmengine.dist import is_main_process
from mmengine.evaluator import Evaluator
from mmpretrain.structures import DataSample

from uar_mmpretrain.evaluation.functional import (
    Report,
    calibration_report,
    decomposition_report,
    ldl_report,
    routing_report,
    selective_report,
)
from uar_mmpretrain.evaluation.metrics import (
    CalibrationMetric,
    DecompositionMetric,
    LDLMetric,
    MemberScoresMetric,
    RoutingMetric,
    SelectiveMetric,
)

METRICS = (DecompositionMetric, RoutingMetric, CalibrationMetric,
           SelectiveMetric, LDLMetric)

FIELDS = ('image_id', 'corruption', 'severity', 'label', 'eval_label',
          'member_scores', 'classes', 'votes')


class Keep(MemberScoresMetric):
    """Report nothing but the number of rows."""

    default_prefix = 'keep'

    def report(self, table):
        return Report(dict(rows=len(table)), dict(more=1.), dict(part='why'))


def test_rows_come_back_as_a_table(table, as_samples, evaluate):
    metric = Keep()
    found = evaluate(metric, as_samples(table), table.classes)
    assert found == {'keep/rows': len(table)}
    assert metric.details == {'more': 1.} and metric.notes == {'part': 'why'}
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(metric.table, name),
                                      getattr(table, name))


def test_metrics_share_the_rows_of_a_batch(table, as_samples):
    first, second, later = Keep(), Keep(), Keep()
    batch = [sample.to_dict() for sample in as_samples(table)[:3]]
    for metric in first, second:
        metric.process(None, batch)
    assert [a is b for a, b in zip(first.results, second.results)] == [
        True] * 3
    # Other samples in the same list are another batch.
    batch[1] = dict(batch[1], image_id='other.png')
    later.process(None, batch)
    assert [row['image_id'] for row in later.results] == [
        first.results[0]['image_id'], 'other.png',
        first.results[2]['image_id']]


def plain_sample(**fields):
    sample = DataSample(metainfo=dict(image_id='a.png'))
    sample.set_pred_score(torch.tensor([.25, .75]))
    for name, value in fields.items():
        sample.set_field(value, name)
    return sample


def test_a_plain_classifier_is_one_member(evaluate):
    sample = plain_sample()
    sample.set_gt_label(1)
    metric = Keep()
    evaluate(metric, [sample], ('x', 'y'))
    table = metric.table
    np.testing.assert_array_equal(table.member_scores, [[[.25, .75]]])
    assert table.corruption[0] == 'clean' and table.severity[0] == 0
    # Without an evaluation rule every labelled image is judged.
    assert table.label[0] == table.eval_label[0] == 1
    assert table.votes is None


def test_a_sample_without_any_label(evaluate):
    metric = Keep()
    evaluate(metric, [plain_sample()], ('x', 'y'))
    assert metric.table.label[0] == metric.table.eval_label[0] == -1


def test_some_images_without_votes(evaluate):
    other = plain_sample(gt_votes=torch.tensor([4., 6.]))
    other.set_metainfo(dict(image_id='b.png'))
    metric = Keep()
    evaluate(metric, [plain_sample(), other], ('x', 'y'))
    np.testing.assert_array_equal(metric.table.votes, [[0, 0], [4, 6]])


def test_half_precision_scores(evaluate):
    sample = plain_sample(
        member_scores=torch.tensor([[.5, .5], [.25, .75]]).bfloat16())
    metric = Keep()
    evaluate(metric, [sample], ('x', 'y'))
    np.testing.assert_array_equal(metric.table.member_scores,
                                  [[[.5, .5], [.25, .75]]])


def test_rows_do_not_hold_on_to_the_batch():
    batch = torch.rand(100, 2, 3)
    metric = Keep()
    metric.process(None, [dict(image_id='a', member_scores=batch[0])])
    assert metric.results[0]['member_scores'].base is None


@pytest.mark.parametrize('sample, message', [
    (dict(pred_score=torch.ones(1)),
     'neither image_id nor img_path.*PackFERInputs'),
    (dict(image_id='a.png'), "'a.png' has neither"),
])
def test_refuses_samples(sample, message):
    with pytest.raises(KeyError, match=message):
        Keep().process(None, [sample])


def test_refuses_other_classes(table, as_samples, evaluate):
    with pytest.raises(ValueError, match='4 classes, the data set 3'):
        evaluate(Keep(), as_samples(table), table.classes[:3])


def test_refuses_a_data_set_without_classes(table, as_samples, evaluate):
    with pytest.raises(ValueError, match='names no classes'):
        evaluate(Keep(), as_samples(table), None)


def test_refuses_an_empty_test():
    metric = Keep()
    metric.dataset_meta = dict(classes=('x', ))
    with pytest.raises(ValueError, match='test set is empty'):
        metric.compute_metrics([])


def test_an_unknown_kind_is_refused_at_once():
    with pytest.raises(ValueError, match="unknown decomposition 'mi'"):
        Keep(kind='mi')


def evaluate_a_share(samples, classes, out_file):
    """Evaluate this process's share, as a data loader would deal it out."""
    evaluator = Evaluator([metric(num_resamples=20) for metric in METRICS])
    evaluator.dataset_meta = dict(classes=classes)
    for index in DefaultSampler(samples, shuffle=False):
        evaluator.process([samples[index]])
    metrics = evaluator.evaluate(len(samples))
    if is_main_process():
        out_file.write_text(json.dumps(metrics))


def test_two_processes_give_the_same_numbers(make_table, as_samples, tmp_path,
                                             in_processes):
    # An odd number of rows: the second process gets one of them twice.
    table = make_table(25)
    assert len(table) % 2
    out_file = tmp_path / 'metrics.json'
    in_processes(evaluate_a_share, as_samples(table), table.classes,
                 out_file)
    reports = (decomposition_report, routing_report, calibration_report,
               selective_report, ldl_report)
    expected = {
        f'{report.__name__[:-len("_report")]}/{key}': value
        for report in reports
        for key, value in report(table, num_resamples=20).values.items()
    }
    assert json.loads(out_file.read_text()) == expected


def test_images_that_were_not_predicted_are_missed(make_table, as_samples):
    table = make_table(5)
    evaluator = Evaluator([DecompositionMetric(num_resamples=20)])
    evaluator.dataset_meta = dict(classes=table.classes)
    evaluator.process(as_samples(table)[:-2])
    with pytest.raises(ValueError, match=f'{len(table) - 2} of {len(table)} '
                       'images.*drop_last=False'):
        evaluator.evaluate(len(table))
