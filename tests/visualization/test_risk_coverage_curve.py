"""Risk-coverage curves between the best order and none."""

import numpy as np

from uar_mmpretrain.evaluation.functional import risk_coverage
from uar_mmpretrain.visualization import plot_risk_coverage

LOSS = [0, 1, 0, 1]


def test_lines():
    scores = dict(total=[1, 2, 3, 4], last_layer=[1, 1, 1, 1])
    curves = {name: risk_coverage(score, LOSS)
              for name, score in scores.items()}
    axes, = plot_risk_coverage(dict(error=curves)).axes
    total, channel, best, random = axes.lines
    coverage = [25, 50, 75, 100]
    np.testing.assert_allclose(total.get_xdata(), coverage)
    np.testing.assert_allclose(total.get_ydata(), [0, 50, 100 / 3, 50])
    np.testing.assert_allclose(channel.get_ydata(), 50)
    np.testing.assert_allclose(best.get_ydata(), [0, 0, 100 / 3, 50])
    np.testing.assert_allclose(random.get_ydata(), 50)
    assert total.get_label() == 'total: AURC 0.333'
    assert channel.get_label() == 'last layer: AURC 0.500'
    assert channel.get_color() != total.get_color()


def test_one_panel_per_risk_and_no_risk_at_all():
    curves = dict(total=risk_coverage([1, 2], [0, 0]))
    figure = plot_risk_coverage(dict(error=curves, disagreement=curves))
    assert [axes.get_ylabel() for axes in figure.axes] == [
        'wrong answers (%)', 'votes against the answer (%)']
    assert figure.axes[0].get_ylim() == (0, 1)
