"""Labels of a batch, and what the log says of trust in them."""

import pytest
import torch
from mmpretrain.structures import DataSample

from uar_mmpretrain.models.annotation import hard_labels, mean_confidence

TRUST = torch.tensor([.9, .5, .7, .1], requires_grad=True)


def samples(*flags):
    """Give one for each flag; None: not known."""
    out = [DataSample() for _ in flags]
    for sample, flag in zip(out, flags):
        if flag is not None:
            sample.set_metainfo(dict(label_is_wrong=flag))
    return out


@pytest.mark.parametrize('flags, expected', [
    ((False, True, False, True), dict(right=.8, wrong=.3)),
    ((False, None, False, None), dict(right=.8)),
    ((None, None, None, True), dict(wrong=.1)),
    ((None, ) * 4, {}),
])
def test_means_of_right_and_wrong_labels(flags, expected):
    found = mean_confidence(TRUST, samples(*flags))
    assert not any(mean.requires_grad for mean in found.values())
    assert {key: mean.item() for key, mean in found.items()} == pytest.approx(
        {'confidence': .55,
         **{f'confidence_{name}': mean for name, mean in expected.items()}})


def test_labels_of_a_batch():
    votes = DataSample().set_gt_score(torch.tensor([.2, .4, .4]))
    labels = hard_labels([DataSample().set_gt_label(2), votes])
    assert labels.tolist() == [2, 1]
    assert labels.dtype == torch.int64
