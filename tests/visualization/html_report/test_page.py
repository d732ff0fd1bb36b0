"""The page as a whole: complete, safe, honest about what is missing."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip('plotly')

from uar_mmpretrain.evaluation.functional.method_table import (  # noqa: E402
    compare_methods,
    measure_method,
)
from uar_mmpretrain.visualization.comparison_text import (  # noqa: E402
    comparison_text,
)
from uar_mmpretrain.visualization.html_report import (  # noqa: E402
    page_data,
    render_report,
    write_report,
)
from uar_mmpretrain.visualization.html_report.embed import (  # noqa: E402
    script_hash,
)

EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope='module')
def hostile(make_run, make_table, router):
    """Every name that comes from a file is an attack."""
    table = make_table(40, corruptions=(f'fog{EVIL}', 'rain'))
    table = replace(
        table, classes=tuple(f'{name}{EVIL}' for name in table.classes),
        image_id=np.array([f'{name}{EVIL}' for name in table.image_id]))
    run = make_run(table, router, name=f'run{EVIL}')
    return replace(run, results=replace(
        run.results, notes={f'routing/{EVIL}': EVIL},
        dataset=dict(summary=EVIL, split=EVIL, notes=[EVIL])))


def test_names_are_text(hostile, read_page):
    page = read_page(render_report([hostile, hostile], command=EVIL))
    tags = [tag for tag, _ in page.tags]
    # Data, Plotly and ours.
    assert tags.count('script') == 3 and 'img' not in tags
    assert not any(key.startswith('on') for _, attrs in page.tags
                   for key in attrs)
    assert f'neutral{EVIL}' in page.text
    assert page.data == page_data([hostile, hostile])[1]


def test_only_its_own_scripts_may_run(run, read_page):
    page = read_page(render_report([run]))
    policy, = (attrs['content'] for tag, attrs in page.tags
               if attrs.get('http-equiv') == 'Content-Security-Policy')
    rules = dict(rule.strip().split(' ', 1) for rule in policy.split(';'))
    assert rules['default-src'] == "'none'"
    assert rules['script-src'].split() == [script_hash(script)
                                           for script in page.scripts]


def test_nothing_is_loaded(run, read_page):
    page = read_page(render_report([run]))
    for tag, attrs in page.tags:
        assert tag not in ('link', 'iframe', 'img')
        assert not {'src', 'href', 'action'} & set(attrs), (tag, attrs)


def test_every_figure_is_captioned_and_drawn(run, read_page):
    page = read_page(render_report([run]))
    figures = [attrs['data-chart'] for tag, attrs in page.tags
               if tag == 'figure']
    assert sorted(figures) == sorted(page.data['charts']) == sorted(
        f'0-{name}' for name in ('plane', 'retention', 'risk', 'hard', 'soft',
                                 'shift'))
    captions = [attrs for tag, attrs in page.tags if tag == 'figcaption']
    assert len(captions) == len(figures)
    context, _ = page_data([run])
    for _, chart in context['runs'][0]['charts'].values():
        assert chart.caption.endswith('.')


def test_sliders_are_labelled(run, read_page):
    page = read_page(render_report([run]))
    inputs = [attrs for tag, attrs in page.tags if tag == 'input']
    labels = {attrs.get('for') for tag, attrs in page.tags if tag == 'label'}
    assert len(inputs) == 4
    for attrs in inputs:
        assert attrs.get('id') in labels or attrs.get('aria-label')


def test_numbers_and_settings_are_written(run, read_page):
    text = read_page(render_report([run], command='python report.py x')).text
    rho = run.results.metrics['decomposition/spearman_aleatoric']
    for part in (f'{rho:.3f}', 'ambiguous: vote entropy at or above its 0.75 '
                 'quantile', 'num_resamples 20', 'tau_aleatoric',
                 'python report.py x', 'uar_mmpretrain', 'UTC',
                 'No faces are shown'):
        assert part in text, part


@pytest.mark.parametrize('change, missing, reason', [
    (lambda t: replace(t, votes=None), '0-retention', 'no image has votes'),
    (lambda t: t.clean(), '0-shift', 'needs both'),
    (lambda t: replace(t, member_scores=t.member_scores[:, :1]), '0-plane',
     'one member has no epistemic uncertainty'),
    (lambda t: replace(t, eval_label=np.full(len(t), -1)), '0-hard',
     'no clean image has an evaluation label'),
])
def test_what_is_missing_is_said(make_run, table, read_page, change, missing,
                                 reason):
    page = read_page(render_report([make_run(change(table))]))
    assert missing not in page.data['charts']
    assert reason in page.text


def test_actions_of_other_thresholds_are_noticed(run, read_page):
    action = run.table.action.copy()
    action[:3] = (action[:3] + 1) % 3
    changed = replace(run, table=run.table.with_action(action))
    assert '3 rows of the predictions hold another action' in read_page(
        render_report([changed])).text


def test_several_tests(run, make_run, make_table, read_page):
    other = make_run(make_table(30), name='other')
    page = read_page(render_report([run, other]))
    assert 'different images' in page.text
    tabs = [attrs for tag, attrs in page.tags if attrs.get('role') == 'tab']
    panels = {attrs['id'] for tag, attrs in page.tags
              if attrs.get('role') == 'tabpanel'}
    assert {tab['aria-controls'] for tab in tabs} == panels
    assert set(page.data['planes']) == {'0', '1'}


@pytest.mark.parametrize('number', [1, 2])
def test_the_table_of_methods(run, make_run, table, read_page, number):
    single = replace(table, member_scores=table.member_scores[:, :1])
    runs = [run, make_run(single, name='LDL')][:number]
    methods = compare_methods(
        [measure_method(one.name, one.table, num_resamples=5)
         for one in runs], reference='model')
    text = comparison_text(methods, {f'POI{EVIL}': 'no luck'})
    page = read_page(render_report(runs, methods=text))
    for column in methods.columns:
        assert column.title in page.text
    for note in text.notes:
        assert note in page.text
    assert f'POI{EVIL} is missing: no luck.' in page.text
    # Instead of the headlines, whose star knows no intervals.
    assert '★' not in page.text
    cell = methods.rows[0].cells['f1_macro']
    assert f'{cell.value:.3f}' in page.text
    best = [attrs for tag, attrs in page.tags
            if tag == 'td' and 'best' in attrs.get('class', '').split()]
    marked = [cell for row in methods.rows for cell in row.cells.values()
              if cell.mark == 'best']
    assert len(best) == len(marked)
    if number == 2:
        assert 'one member has no epistemic uncertainty' in page.text
        assert 'Difference from model, paired' in page.text


def test_written_as_a_whole(run, tmp_path):
    path = write_report([run], tmp_path / 'new' / 'report.html')
    assert [file.name for file in path.parent.iterdir()] == ['report.html']
    # Plotly's own script is nearly all of it.
    assert path.stat().st_size < 7e6


def test_no_tests():
    with pytest.raises(ValueError, match='at least one'):
        render_report([])
