"""Data samples as a model hands them to the evaluator."""

import pytest
import torch
from mmengine.evaluator import Evaluator
from mmpretrain.structures import DataSample


def to_samples(table):
    """Turn the rows of a table into predicted data samples."""
    samples = []
    for i in range(len(table)):
        sample = DataSample(metainfo=dict(
            image_id=str(table.image_id[i]),
            corruption=str(table.corruption[i]),
            severity=int(table.severity[i]),
            eval_label=int(table.eval_label[i])))
        sample.set_gt_label(int(table.label[i]))
        scores = torch.from_numpy(table.member_scores[i])
        sample.set_pred_score(scores.mean(0))
        sample.set_field(scores, 'member_scores')
        if table.votes is not None:
            sample.set_field(torch.from_numpy(table.votes[i]).float(),
                             'gt_votes')
        samples.append(sample)
    return samples


@pytest.fixture(scope='session')
def as_samples():
    """The function above."""
    return to_samples


@pytest.fixture(scope='session')
def evaluate():
    """Run one metric over data samples through mmengine's evaluator."""

    def run(metric, samples, classes):
        evaluator = Evaluator(metric)
        evaluator.dataset_meta = dict(classes=classes)
        for start in range(0, len(samples), 50):
            evaluator.process(samples[start:start + 50])
        return evaluator.evaluate(len(samples))

    return run
