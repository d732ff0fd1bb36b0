"""The page's tool, up to the point where it would serve."""

import os

import pytest

gradio = pytest.importorskip('gradio')


def test_it_serves_this_machine_only_and_reports_nothing(
        run_tool, untrained, monkeypatch):
    from uar_mmpretrain.visualization import demo_page
    launched = []
    monkeypatch.setattr(demo_page, 'launch_page',
                        lambda *args: launched.append(args))
    monkeypatch.setenv('GRADIO_ANALYTICS_ENABLED', 'True')
    run_tool('demo_page.py', untrained / 'ensemble.pth')
    (page, host, port), = launched
    assert isinstance(page, gradio.Blocks)
    assert (host, port) == ('127.0.0.1', None)
    assert os.environ['GRADIO_ANALYTICS_ENABLED'] == 'False'
