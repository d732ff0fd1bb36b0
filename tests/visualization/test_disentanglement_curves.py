import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    Sweep,
    disentanglement_report,
)
from uar_mmpretrain.visualization.disentanglement_curves import plot_sweeps


def test_one_line_per_repetition_in_order_of_the_error():
    error = np.array([[.5, .2, .3], [.1, .6, .4]])
    sweeps = {'noise': Sweep(error, 2 * error, 0 * error),
              'size': Sweep(error, -error, error)}
    figure = plot_sweeps(sweeps, disentanglement_report(**sweeps))
    panels = {}
    for axes in figure.axes:
        row = axes.get_subplotspec().rowspan.start
        panels[row, axes.get_title()] = [
            np.array(line.get_xydata()) for line in axes.lines]
    assert panels.keys() == {
        (0, 'label noise: correlation +1.00'),
        (0, 'training set size: correlation -1.00'),
        (1, 'label noise: correlation +0.00'),
        (1, 'training set size: correlation +1.00')}
    first, second = panels[0, 'label noise: correlation +1.00']
    assert first == pytest.approx(np.array([[.2, .4], [.3, .6], [.5, 1]]))
    assert second[:, 0] == pytest.approx([.1, .4, .6])
    assert figure.get_suptitle() == 'Disentanglement error 0.250'
