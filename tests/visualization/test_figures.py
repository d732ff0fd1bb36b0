"""The figures a test can draw depend on what it has."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.visualization import draw_figures, recompute

CLEAN = ['reliability', 'risk_coverage']


@pytest.mark.parametrize('make, names', [
    (lambda t, m: t,
     ['uncertainty_plane', 'auroc_by_severity', 'retention', *CLEAN]),
    (lambda t, m: t.clean(), ['uncertainty_plane', *CLEAN]),
    (lambda t, m: m(60, num_members=1),
     ['auroc_by_severity', 'retention', *CLEAN]),
    (lambda t, m: m(60, num_members=1).clean(), CLEAN),
    (lambda t, m: replace(m(60).clean(), votes=None,
                          eval_label=np.full(60, -1)),
     ['uncertainty_plane']),
])
def test_files(table, make_table, quick, tmp_path, make, names):
    table = make(table, make_table)
    files = draw_figures(table, recompute(table, quick), tmp_path)
    assert files == [tmp_path / f'{name}.png' for name in names]
    assert all(file.is_file() for file in files)
