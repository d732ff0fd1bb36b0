"""Reliability diagrams show the bins that hold images."""

import numpy as np

from uar_mmpretrain.evaluation.functional import reliability
from uar_mmpretrain.visualization import plot_reliability


def test_points_and_bars():
    hard = reliability([.6, .7, .9], [1, 0, 1], np.array([0, .5, .8, 1]))
    soft = reliability([.4], [.25], np.array([0, .5, 1]))
    figure = plot_reliability(dict(hard=hard, soft=soft))
    upper, other, lower, _ = figure.axes
    diagonal, points = upper.lines
    assert diagonal.get_xydata().tolist() == [[0, 0], [1, 1]]
    np.testing.assert_allclose(points.get_xydata(), [[.65, .5], [.9, 1]])
    assert [bar.get_height() for bar in lower.patches] == [0, 2, 1]
    assert [bar.get_x() for bar in lower.patches] == [0, .5, .8]
    # Two of three are .15 off, one .1.
    assert upper.get_title() == 'against labels: ECE 0.133'
    assert other.get_title() == 'against votes: soft-ECE 0.150'


def test_one_view_alone():
    soft = reliability([.4], [.25], np.array([0, .5, 1]))
    assert len(plot_reliability(dict(soft=soft)).axes) == 2
