"""The page in a real browser; skipped where there is none."""

import re
import socket

import numpy as np
import pytest

httpx = pytest.importorskip('httpx')
pytest.importorskip('gradio')
playwright = pytest.importorskip('playwright.sync_api')

from uar_mmpretrain.visualization.demo_page import (  # noqa: E402
    build_page,
    launch_page,
)

LOOPBACK = re.compile(r'(https?://127\.0\.0\.1:|data:|blob:)')


@pytest.fixture
def looked_up(monkeypatch):
    """Names that this process, the server, looks up; no other is reached."""
    hosts = set()
    look_up = socket.getaddrinfo

    def remember(host, *args, **kwargs):
        hosts.add(host)
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, 'getaddrinfo', remember)
    return hosts


@pytest.fixture
def served(explorer, moving, looked_up, monkeypatch):
    monkeypatch.setattr(explorer.inferencer, 'router', moving[1])
    page = build_page(explorer, np.full((5, 2), 0.1))
    launch_page(page, upload_limit='40kb', prevent_thread_lock=True,
                quiet=True)
    yield page
    page.close()


def test_a_face_is_uploaded_corrupted_and_rejected(
        browser, served, moving, looked_up, face_file, tmp_path):
    outside = []
    page = browser.new_page()
    page.on('request', lambda request: None if LOOPBACK.match(request.url)
            else outside.append(request.url))
    page.goto(served.local_url)
    decision, reason = page.get_by_label('Decision'), page.get_by_label(
        'Reason')
    upload = page.locator('input[type=file]').first

    upload.set_input_files(face_file)
    expect = playwright.expect
    expect(decision).to_have_value(re.compile('^REPORT: '), timeout=15000)
    expect(reason).to_have_value(re.compile('annotators would disagree'))

    choice = page.get_by_label('Corruption')
    choice.fill(moving[0])
    choice.press('Enter')
    severity = page.locator('input[type=number]')
    severity.fill('5')
    severity.press('Enter')
    expect(decision).to_have_value('REJECT')
    expect(reason).to_have_value(re.compile('unlike the training images'))
    # what the network sees, and the uncertainty plane
    expect(page.locator('img[src*="image/png"], img[src*=".png"]')
           ).not_to_have_count(0)

    page.get_by_label(re.compile('Remove|Clear')).first.click()
    expect(decision).to_have_value('')
    wrong = tmp_path / 'text.png'
    wrong.write_text('no image')
    page.locator('input[type=file]').first.set_input_files(wrong)
    expect(reason).to_have_value(re.compile('do not decode as an image'))
    assert outside == []
    assert looked_up <= {'127.0.0.1', 'localhost', None}


def test_only_this_machine_and_only_small_files(served):
    assert served.server_name == '127.0.0.1'
    assert served.share_url is None
    assert served.analytics_enabled is False
    url = f'{served.local_url}gradio_api/upload'
    small, large = (
        httpx.post(url, files=dict(files=('face.png', bytes(size))))
        for size in (30_000, 50_000))
    assert small.status_code == 200
    assert large.status_code == 413
