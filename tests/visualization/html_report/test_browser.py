"""The page in a real browser; skipped where there is none."""

import re

import numpy as np
import pytest

pytest.importorskip('plotly')

from uar_mmpretrain.evaluation.functional import action_report  # noqa: E402
from uar_mmpretrain.routing import Action, Router  # noqa: E402
from uar_mmpretrain.visualization.html_report import (  # noqa: E402
    page_data,
    write_report,
)

PHONE = dict(viewport=dict(width=390, height=844), is_mobile=True,
             has_touch=True)
FIRST = '#run-0 '


@pytest.fixture(scope='module')
def single(run, tmp_path_factory):
    return write_report([run], tmp_path_factory.mktemp('one') / 'report.html')


@pytest.fixture(scope='module')
def double(run, make_run, make_table, tmp_path_factory):
    other = make_run(make_table(
        50, corruptions=('a_rather_long_name_of_a_corruption', 'rain')),
        Router(0.1, 0.4), 'a_second_model_with_quite_a_long_name_to_wrap')
    return write_report([run, other],
                        tmp_path_factory.mktemp('two') / 'report.html')


@pytest.fixture
def open_page(browser):
    """Open a file; nothing may go wrong in it, nothing be fetched."""
    problems, contexts = [], []

    def open_file(path, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on('console', lambda message: problems.append(message.text)
                if message.type in ('error', 'warning') else None)
        page.on('pageerror', lambda error: problems.append(str(error)))
        page.on('dialog', lambda dialog: problems.append(dialog.message))
        page.on('request', lambda request: None if request.url.startswith(
            ('file:', 'data:', 'blob:')) else problems.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert problems == []


def draw_all(page):
    """Scroll every visible figure into view, and wait until it is drawn."""
    for figure in page.locator('[data-chart]:visible').all():
        figure.scroll_into_view_if_needed()
        figure.locator('.main-svg').first.wait_for()


def shown(page):
    """The three-way table and the facts as the page shows them."""
    counts = {}
    for cell in page.locator(f'{FIRST}[data-set]').all():
        key = (cell.get_attribute('data-set'),
               Action(int(cell.get_attribute('data-action'))))
        counts[key] = cell.inner_text().split()
    facts = {cell.get_attribute('data-fact'): cell.inner_text().split()[0]
             for cell in page.locator(f'{FIRST}[data-fact]').all()}
    return counts, facts


def assert_routed(page, run, router):
    """Everything shown is what routing in Python gives."""
    table = run.table.with_action(router.route(run.table.decompose()))
    report = action_report(table)
    counts, facts = shown(page)
    assert len(counts) == 9
    for (name, action), (share, count) in counts.items():
        key = f'{name}_{action.name.lower()}'
        assert float(share.rstrip('%')) == pytest.approx(
            100 * report.values[key], abs=0.051)
        assert int(count.replace(',', '')) == report.details[
            f'{key}_num_rows']
    for fact, key in dict(accuracy='accuracy_accept',
                          precision='report_precision',
                          recall='report_recall').items():
        assert float(facts[fact].rstrip('%')) == pytest.approx(
            100 * report.values[key], abs=0.051)


def lines(page):
    """Height of the horizontal line, place of the vertical one, as drawn."""
    return page.evaluate('''() => {
        const shapes = document.querySelector('#figure-0-plane .plot')
            ._fullLayout.shapes;
        return [shapes[0].y0, shapes[1].x0];
    }''')


def slider(page, key):
    return page.locator(f'{FIRST}[data-slider={key}]')


def test_starts_at_the_router(open_page, single, run, router):
    page = open_page(single)
    assert_routed(page, run, router)
    draw_all(page)
    assert lines(page) == pytest.approx(np.sqrt([0.15, 0.5]))


def test_sliders_route_again(open_page, single, run, router):
    page = open_page(single)
    draw_all(page)
    before = shown(page)
    axes = page_data([run])[1]['planes']['0']['axes']
    tau = {}
    for key, move in (('rejection', 'PageUp'), ('aleatoric', 'PageDown')):
        handle = slider(page, key)
        handle.press(move)
        handle.press('ArrowRight')
        share = int(handle.input_value()) / 1000
        tau[key] = axes[key]['high'] * share**2
        assert f'{tau[key]:.3g}' in handle.get_attribute('aria-valuetext')
    assert shown(page) != before
    moved = Router(tau['rejection'], tau['aleatoric'])
    assert_routed(page, run, moved)
    page.wait_for_timeout(100)
    assert lines(page) == pytest.approx(
        np.sqrt([moved.tau_epistemic, moved.tau_aleatoric]))
    page.get_by_role('button', name='Back to the start').click()
    assert shown(page) == before
    assert_routed(page, run, router)


def test_thresholds_can_be_typed(open_page, single, run, router):
    page = open_page(single)
    field = page.get_by_label(re.compile('epistemic threshold of Reject'))
    field.fill('0.05')
    assert_routed(page, run, Router(0.05, router.tau_aleatoric))
    # Half-typed text changes nothing.
    field.fill('')
    assert_routed(page, run, Router(0.05, router.tau_aleatoric))


def test_heat_map_of_another_score(open_page, single, run):
    page = open_page(single)
    draw_all(page)
    page.locator('#figure-0-shift').get_by_label(
        'score', exact=True).select_option('total')
    drawn = page.evaluate(
        "document.querySelector('#figure-0-shift .plot').data[0].z")
    np.testing.assert_allclose(np.transpose(drawn), run.shift['total'].auroc,
                               rtol=1e-4)


def test_tabs(open_page, double):
    page = open_page(double)
    assert page.locator('#run-0').is_visible()
    assert not page.locator('#run-1').is_visible()
    page.get_by_role('tab', name='model', exact=True).press('ArrowRight')
    assert page.locator('#run-1').is_visible()
    assert not page.locator('#run-0').is_visible()
    draw_all(page)


@pytest.mark.parametrize('number', [0, 1])
def test_fits_a_phone(open_page, double, number):
    page = open_page(double, **PHONE)
    page.locator(f'#tab-{number}').click()
    draw_all(page)
    width = page.evaluate('document.documentElement.scrollWidth')
    assert width <= 390
    for figure in page.locator('.main-svg:visible').all():
        box = figure.bounding_box()
        assert box['x'] >= 0 and box['x'] + box['width'] <= 390


def test_dark(open_page, single):
    page = open_page(single, color_scheme='dark')
    draw_all(page)
    colours = page.evaluate('''() => [
        getComputedStyle(document.body).backgroundColor,
        document.querySelector('.plot')._fullLayout.font.color]''')
    background = [int(v) for v in re.findall(r'\d+', colours[0])]
    assert max(background) < 60
    assert int(colours[1].lstrip('#')[:2], 16) > 180


def test_hostile_names(open_page, make_run, make_table, tmp_path):
    evil = '</script><img src=x onerror=alert(1)>'
    run = make_run(make_table(40, corruptions=(f'fog{evil}', 'rain')),
                   Router(0.1, 0.4), name=evil)
    page = open_page(write_report([run], tmp_path / 'report.html'))
    draw_all(page)
    assert page.locator('img').count() == 0
    assert page.locator('h1').inner_text() == evil
    names = page.locator('#figure-0-shift .ytick').all_text_contents()
    assert f'fog{evil}' in names
