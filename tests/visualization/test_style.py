"""Figures are files, never half-written, and need no display."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from uar_mmpretrain.visualization.style import (
    new_figure,
    save_figure,
    score_styles,
)


def test_writes_a_png(tmp_path):
    path = save_figure(new_figure(2, 1), tmp_path / 'new' / 'a.png')
    assert path.read_bytes().startswith(b'\x89PNG')
    assert [file.name for file in path.parent.iterdir()] == ['a.png']


def test_a_failed_drawing_leaves_the_old_file(tmp_path, monkeypatch):
    path = save_figure(new_figure(2, 1), tmp_path / 'a.png')
    before = path.read_bytes()

    def fail(*args, **kwargs):
        raise OSError('disk full')

    monkeypatch.setattr(Figure, 'savefig', fail)
    with pytest.raises(OSError, match='disk full'):
        save_figure(new_figure(), path)
    assert path.read_bytes() == before


def test_pyplot_knows_nothing_of_it():
    before = plt.get_fignums()
    new_figure().subplots()
    assert plt.get_fignums() == before


def test_channels_have_names_and_colours_beside_the_known_scores():
    found = score_styles(['knn', 'total', 'layer_2'])
    assert found['total'] == score_styles(['total'])['total']
    assert found['layer_2'][0] == 'layer 2'
    assert len({colour for _, colour in found.values()}) == 3
