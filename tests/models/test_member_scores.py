"""Data samples after a prediction."""

import math

import pytest
import torch
from mmpretrain.structures import DataSample

from uar_mmpretrain.models.member_scores import set_member_scores

# Two opposed members, and two that agree.
SCORES = torch.tensor([[[.9, .1, 0.], [.1, .9, 0.]],
                       [[.1, .2, .7], [.1, .2, .7]]])


def entropy(*shares):
    return -sum(p * math.log(p) for p in shares if p)


def test_mean_label_and_parts():
    opposed, agreed = set_member_scores(None, SCORES)
    torch.testing.assert_close(opposed.pred_score,
                               torch.tensor([.5, .5, 0.]))
    assert torch.equal(opposed.member_scores, SCORES[0])
    assert agreed.pred_label.tolist() == [2]
    inner = entropy(.9, .1)
    assert opposed.total == pytest.approx(math.log(2), abs=1e-6)
    assert opposed.aleatoric == pytest.approx(inner, abs=1e-6)
    assert opposed.epistemic == pytest.approx(math.log(2) - inner, abs=1e-6)
    assert agreed.aleatoric == pytest.approx(entropy(.1, .2, .7), abs=1e-6)
    assert agreed.epistemic == pytest.approx(0, abs=1e-6)
    assert all(isinstance(value, float) for value in
               (opposed.total, opposed.aleatoric, opposed.epistemic))


def test_another_kind():
    opposed = set_member_scores(None, SCORES, 'variance')[0]
    assert opposed.total == pytest.approx(.5, abs=1e-6)
    assert opposed.aleatoric == pytest.approx(.18, abs=1e-6)
    assert opposed.epistemic == pytest.approx(.32, abs=1e-6)


def test_one_member_has_no_epistemic_field():
    sample = set_member_scores(None, SCORES[:, :1])[0]
    assert sample.total == sample.aleatoric
    assert 'epistemic' not in sample


def test_samples_given_are_filled_and_missing_ones_made():
    given = DataSample(metainfo=dict(image_id='a')).set_gt_label(1)
    out = set_member_scores([given, None], SCORES)
    assert out[0] is given
    assert given.image_id == 'a' and given.gt_label.tolist() == [1]
    assert 'member_scores' in given and 'member_scores' in out[1]


def test_logits_are_refused():
    with pytest.raises(ValueError, match='softmax outputs, not logits'):
        set_member_scores(None, SCORES.log().clamp(min=-9))
