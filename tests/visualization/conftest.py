"""The made-up predictions of the evaluation tests, and a browser."""

import os
import shutil
from pathlib import Path
from runpy import run_path

import pytest

from uar_mmpretrain.visualization import Results, recompute

make_predictions = run_path(
    str(Path(__file__).parents[1] / 'evaluation' /
        'conftest.py'))['make_predictions']

CHROMIUM = ('chromium', 'chromium-browser', 'google-chrome', 'chrome')
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


@pytest.fixture(scope='module')
def browser():
    """A Chromium; the test is skipped where none starts."""
    playwright = pytest.importorskip('playwright.sync_api')
    # A container's root has no sandbox.
    args = ['--no-sandbox'] if os.geteuid() == 0 else []
    binary = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with playwright.sync_playwright() as driver:
        try:
            found = driver.chromium.launch(executable_path=binary, args=args)
        except playwright.Error as error:
            pytest.skip(f'no Chromium to start: {error}')
        yield found
        found.close()
