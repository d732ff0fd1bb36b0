"""The made-up predictions of the evaluation tests."""

from pathlib import Path
from runpy import run_path

import pytest

from uar_mmpretrain.visualization import Results, recompute

make_predictions = run_path(
    str(Path(__file__).parents[1] / 'evaluation' /
        'conftest.py'))['make_predictions']

QUICK = Results(metrics={}, settings={
    family: dict(num_resamples=20) for family in
    ('decomposition', 'routing', 'calibration', 'selective', 'ldl')})


@pytest.fixture(scope='session')
def make_table():
    """Build a table."""
    return make_predictions


@pytest.fixture(scope='session')
def table():
    """200 faces, three corruptions at two severities, three members."""
    return make_predictions(200)


@pytest.fixture(scope='session')
def results(table):
    """Results of that table, few bootstrap replicates."""
    return recompute(table, QUICK)


@pytest.fixture(scope='session')
def quick():
    """Settings with few bootstrap replicates."""
    return QUICK
