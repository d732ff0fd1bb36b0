"""A routed test, and what a page made of it holds."""

import base64
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from uar_mmpretrain.routing import Router
from uar_mmpretrain.visualization import recompute
from uar_mmpretrain.visualization.html_report import ReportRun

SETTINGS = dict(decomposition=dict(num_resamples=20),
                routing=dict(num_resamples=20),
                calibration=dict(num_resamples=20),
                selective=dict(num_resamples=20), ldl=dict(num_resamples=20))


class Page(HTMLParser):
    """Tags, scripts, data and text of a page, as a browser splits them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.texts = [], [], []
        self.data = self.script = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.script = dict(attrs) if tag == 'script' else None

    def handle_endtag(self, tag):
        self.script = None

    def handle_data(self, data):
        if self.script is None:
            self.texts.append(data)
        elif self.script.get('type') == 'application/json':
            self.data = json.loads(data)
        else:
            self.scripts.append(data)

    @property
    def text(self):
        return ' '.join(''.join(self.texts).split())


def unpack_array(text, dtype):
    return np.frombuffer(base64.b64decode(text), dtype)


@pytest.fixture(scope='session')
def read_page():
    """The class above."""
    return Page


@pytest.fixture(scope='session')
def unpack():
    """The inverse of what the page's arrays are packed with."""
    return unpack_array


@pytest.fixture(scope='session')
def router():
    """Thresholds amid the made-up uncertainties."""
    return Router(0.15, 0.5)


@pytest.fixture(scope='session')
def make_run(quick):
    """Route a table, and compute its results."""

    def make(table, router=None, name='model'):
        old = replace(quick, settings=SETTINGS)
        if router is not None:
            table = table.with_action(router.route_scores(
                table.member_scores, table.channels))
            old = replace(old, router=router.summary())
        return ReportRun(name, table, recompute(table, old),
                         Path('results/predictions.csv'))

    return make


@pytest.fixture(scope='session')
def run(make_run, table, router):
    """200 faces, routed."""
    return make_run(table, router)
