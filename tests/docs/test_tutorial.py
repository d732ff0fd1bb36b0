"""The tutorial runs from its first cell to the last, with fewer images."""

import ast
import json
from pathlib import Path

import pytest
from mmengine.registry import DefaultScope

from uar_mmpretrain.datasets.checks import check_data

ROOT = Path(__file__).parents[2]
NOTEBOOK = json.loads((ROOT / 'docs/tutorial.ipynb').read_text())
SMALL = '''
NUM_TRAIN, NUM_VAL, NUM_TEST, MEMBERS, EPOCHS = 64, 60, 24, 2, 2
'''


def run_cell(source, variables):
    """Run one cell; return what a notebook would show below it."""
    tree = ast.parse(source)
    last = None
    if isinstance(tree.body[-1], ast.Expr) and source.rstrip()[-1] != ';':
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, 'cell', 'exec'), variables)
    return last and eval(compile(last, 'cell', 'eval'), variables)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A clone to run in: nothing is written into the real one."""
    (tmp_path / 'configs').symlink_to(ROOT / 'configs')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_cell_runs(folder, capsys):
    variables, shown = {'__name__': '__main__'}, []
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        for cell in NOTEBOOK['cells']:
            if cell['cell_type'] == 'code':
                shown.append(run_cell(''.join(cell['source']), variables))
                if 'parameters' in cell['metadata'].get('tags', ()):
                    exec(SMALL, variables)
        checked = check_data(variables['cfg'], ['test']).splits[0]
    figures = [one._repr_png_() for one in shown if hasattr(one,
                                                            '_repr_png_')]
    assert len(figures) == 2
    assert all(one.startswith(b'\x89PNG') for one in figures)
    assert variables['table'].member_scores.shape == (24 * 11, 2, 8)
    assert all(one.error is None and one.action
               for one in variables['decisions'])
    assert 'spearman_aleatoric' in capsys.readouterr().out
    stored = json.loads(
        (folder / 'work_dirs/tutorial/test/metrics.json').read_text())
    assert stored['dataset']['data_fingerprint'] == checked.data_fingerprint


def test_it_is_stored_without_outputs():
    assert not [cell for cell in NOTEBOOK['cells'] if cell.get('outputs')]


def test_its_links_lead_somewhere():
    import re
    text = ''.join(''.join(cell['source']) for cell in NOTEBOOK['cells']
                   if cell['cell_type'] == 'markdown')
    links = re.findall(r'\]\(([^)]+)\)', text)
    assert links
    assert all((ROOT / 'docs' / link).is_file() for link in links)
