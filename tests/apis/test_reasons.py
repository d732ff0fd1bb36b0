"""Reasons in words, on numbers worked out by hand."""

import pytest

from uar_mmpretrain.apis import Thresholds, explain
from uar_mmpretrain.apis.reasons import compare, describe

FACE = dict(happiness=0.11, fear=0.48, surprise=0.41)
THRESHOLDS = Thresholds(rejection=0.12, aleatoric=0.8)


def test_a_reported_face_names_what_annotators_would_say():
    text = explain(dict(FACE, happiness=0.09), 0.9, 0.1, 'REPORT', THRESHOLDS)
    assert text == 'annotators would disagree: 48% fear, 41% surprise'


def test_a_rejected_image_names_score_and_threshold():
    text = explain(FACE, 0.9, 0.31, 'REJECT', THRESHOLDS)
    assert text == 'unlike the training images: epistemic 0.31 > 0.12'


def test_the_name_of_a_channel_is_said():
    by_density = Thresholds(7.5, 0.8, 'density')
    text = explain(FACE, 0.9, 31., 'REJECT', by_density)
    assert text == 'unlike the training images: density 31 > 7.5'


def test_an_accepted_face_passes_both_thresholds():
    text = explain(dict(anger=0.94, fear=0.06), 0.2, 0.01, 'ACCEPT',
                   THRESHOLDS)
    assert '94% anger' in text
    assert 'fear' not in text
    assert 'aleatoric 0.2 <= 0.8' in text
    assert 'epistemic 0.01 <= 0.12' in text


def test_without_a_router_there_is_no_verdict():
    assert explain(FACE, 0.9).startswith('no router, no action')


def test_at_most_three_classes_and_at_least_those_asked_for():
    flat = {name: 0.125 for name in 'abcdefgh'}
    assert len(describe(flat).split(', ')) == 3
    peaked = dict(a=0.97, b=0.03)
    assert describe(peaked) == '97% a'
    assert describe(peaked, 2) == '97% a, 3% b'


@pytest.mark.parametrize(('value', 'threshold', 'text'), [
    (0.31, 0.12, '0.31 > 0.12'),
    (0.12, 0.12, '0.12 <= 0.12'),
    (0.12004, 0.12001, '0.12004 > 0.12001'),
    (0.119999, 0.12, '0.119999 <= 0.12'),
])
def test_a_comparison_shows_which_is_larger(value, threshold, text):
    assert compare(value, threshold) == text
