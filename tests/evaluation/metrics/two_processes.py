"""One of two processes that evaluate a predictions file together.

Started by ``test_member_scores.py`` with: rank, rendezvous file,
predictions, file for the metrics.
"""

import json
import sys
from runpy import run_path

import torch.distributed as dist

import uar_mmpretrain  # noqa: F401  # isort: skip
from mmengine.dataset import DefaultSampler
from mmengine.evaluator import Evaluator

from uar_mmpretrain.evaluation.functional import read_table
from uar_mmpretrain.evaluation.metrics import (
    CalibrationMetric,
    DecompositionMetric,
    LDLMetric,
    RoutingMetric,
    SelectiveMetric,
)

METRICS = (DecompositionMetric, RoutingMetric, CalibrationMetric,
           SelectiveMetric, LDLMetric)


def main(rank, rendezvous, predictions, out_file, conftest):
    """Evaluate this rank's share, as a data loader would deal it out."""
    dist.init_process_group('gloo', init_method=f'file://{rendezvous}',
                            rank=int(rank), world_size=2)
    table = read_table(predictions)
    samples = run_path(conftest)['to_samples'](table)
    evaluator = Evaluator([metric(num_resamples=20) for metric in METRICS])
    evaluator.dataset_meta = dict(classes=table.classes)
    for index in DefaultSampler(samples, shuffle=False):
        evaluator.process([samples[index]])
    metrics = evaluator.evaluate(len(samples))
    if rank == '0':
        with open(out_file, 'w') as file:
            json.dump(metrics, file)
    dist.destroy_process_group()


if __name__ == '__main__':
    main(*sys.argv[1:])
