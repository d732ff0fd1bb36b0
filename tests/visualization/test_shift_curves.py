"""One panel per score, the mean over the corruptions drawn bold."""

import numpy as np

from uar_mmpretrain.evaluation.functional import (
    shift_detection,
    uncertainty_scores,
)
from uar_mmpretrain.visualization import plot_auroc_by_severity


def test_lines_are_the_values(table):
    scores = uncertainty_scores(table)
    found = shift_detection(table, {n: scores[n]
                                    for n in ('epistemic', 'total')})
    figure = plot_auroc_by_severity(found)
    assert len(figure.axes) == 2
    for axes, result in zip(figure.axes, found.values()):
        *each, mean, chance = axes.lines
        np.testing.assert_array_equal(
            np.stack([line.get_ydata() for line in each], 1), result.auroc)
        np.testing.assert_array_equal(mean.get_ydata(), result.mean)
        assert set(chance.get_ydata()) == {.5}
        assert f'{result.mean[-1]:.3f}' in axes.get_title()


def test_channels_are_drawn_under_their_own_names(table):
    scores = dict(layer_2=uncertainty_scores(table)['total'])
    figure = plot_auroc_by_severity(shift_detection(table, scores))
    assert figure.axes[0].get_title().startswith('layer 2: 0.')
