"""Outputs that are not numbers are named, not averaged."""

import math

import pytest
import torch
from mmpretrain.structures import DataSample

from uar_mmpretrain.models.member_scores import set_member_scores
from uar_mmpretrain.models.nonfinite import (
    check_policy,
    to_scores,
    usable_members,
)

NAN, INF = float('nan'), float('inf')
# Three members: two opposed, and between them one that fails on image 0.
SCORES = torch.tensor([[[.9, .1], [NAN, NAN], [.1, .9]],
                       [[.9, .1], [.5, .5], [.1, .9]]])


def samples():
    return [DataSample(metainfo=dict(image_id=name)) for name in
            ('a.png', 'b.png')]


def test_softmax_in_single_precision():
    torch.testing.assert_close(to_scores(torch.tensor([0., math.log(3)])),
                               torch.tensor([.25, .75]))
    # The ends of float16: their difference is none of its numbers.
    ends = torch.tensor([[65504., -65504.], [65504., 65504.]])
    for dtype in (torch.float16, torch.bfloat16, torch.float32):
        found = to_scores(ends.to(dtype))
        assert found.dtype == torch.float32
        torch.testing.assert_close(found, torch.tensor([[1., 0.], [.5, .5]]))


@pytest.mark.parametrize('value', [NAN, INF, -INF])
def test_one_bad_logit_makes_all_scores_of_a_member_nan(value):
    # Of -inf, softmax alone would make 0 and go on.
    logits = torch.tensor([[[value, 1., 2.], [0., 0., 0.]]])
    found = to_scores(logits)
    assert found[0, 0].isnan().all()
    torch.testing.assert_close(found[0, 1], torch.full((3, ), 1 / 3))


def test_all_members_are_usable():
    assert usable_members(SCORES[1:]) is None


def test_an_error_names_member_number_and_first_image():
    with pytest.raises(ValueError, match=(
            'member 1 of 3 gave outputs that are not finite for 1 of 2 '
            r"images \(first: 'a.png'\).*on_nonfinite='exclude'")):
        usable_members(SCORES, samples())
    broken = SCORES.clone()
    broken[:, 2] = INF
    with pytest.raises(ValueError, match='member 1 of 3 .* 1 of 2 .*first: '
                       'number 0 of the batch.*member 2 of 3 .* 2 of 2'):
        usable_members(broken)


def test_the_path_goes_before_the_id():
    named = [DataSample(metainfo=dict(img_path='root/a.png', image_id='a'))]
    with pytest.raises(ValueError, match="first: 'root/a.png'"):
        usable_members(SCORES[:1], named)


def test_a_member_is_left_out_of_the_image_it_failed_on():
    found = set_member_scores(samples(), SCORES, on_nonfinite='exclude')
    inner = -(.9 * math.log(.9) + .1 * math.log(.1))
    first, second = found
    # The two that are left are opposed: their mean is even.
    torch.testing.assert_close(first.pred_score, torch.tensor([.5, .5]))
    assert first.total == pytest.approx(math.log(2), abs=1e-6)
    assert first.aleatoric == pytest.approx(inner, abs=1e-6)
    assert first.epistemic == pytest.approx(math.log(2) - inner, abs=1e-6)
    assert first.excluded_members == [1]
    assert first.member_scores.isnan().any(-1).tolist() == [
        False, True, False]
    assert second.aleatoric == pytest.approx(
        (2 * inner + math.log(2)) / 3, abs=1e-6)
    assert second.excluded_members == []


def test_at_least_two_members_are_left():
    with pytest.raises(ValueError, match='member 1 of 2 .*; fewer than two '
                       'members are left'):
        usable_members(SCORES[:, :2], samples(), 'exclude')


def test_an_unknown_policy():
    assert [check_policy(name) for name in ('error', 'exclude')] == [
        'error', 'exclude']
    with pytest.raises(ValueError, match="on_nonfinite='mean'; expected"):
        check_policy('mean')
