"""Retention curves with the random diagonal and the headline."""

from uar_mmpretrain.visualization import plot_retention


def test_lines():
    curves = dict(epistemic={.5: .8, .3: .9}, total={.3: .6, .5: .2})
    axes = plot_retention(curves, .5, 'title').axes[0]
    diagonal, headline, first, second = axes.lines
    assert diagonal.get_xydata().tolist() == [[0, 100], [100, 0]]
    assert headline.get_xdata() == [50, 50]
    assert first.get_xydata().tolist() == [[30, 90], [50, 80]]
    assert second.get_xydata().tolist() == [[30, 60], [50, 20]]
    assert first.get_label() == 'epistemic: 80.0% kept at 50%'
    assert axes.get_title() == 'title'


def test_channels_have_their_own_names_and_colours():
    curves = {name: {.5: .5} for name in ('epistemic', 'layer_2', 'layer_3')}
    lines = plot_retention(curves, .5).axes[0].lines[2:]
    assert lines[1].get_label() == 'layer 2: 50.0% kept at 50%'
    assert len({line.get_color() for line in lines}) == 3
