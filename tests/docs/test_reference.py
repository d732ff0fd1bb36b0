"""The site names everything, and its examples are true."""

import doctest
import importlib
import re
from pathlib import Path

import pytest
from mmengine import registry as mmengine_registry
from mmpretrain import registry as mmpretrain_registry

import uar_mmpretrain  # noqa: F401

ROOT = Path(__file__).parents[2]
DOCS = ROOT / 'docs'
PACKAGE = ROOT / 'uar_mmpretrain'


def registered():
    """Names this package added to the registries."""
    names = set()
    for source in (mmengine_registry, mmpretrain_registry):
        for registry in vars(source).values():
            if isinstance(registry, mmengine_registry.Registry):
                names |= {
                    name for name, kind in registry.module_dict.items()
                    if kind.__module__.startswith('uar_mmpretrain.')}
    return names


def test_every_registered_type_is_on_the_page_of_options():
    names = registered()
    assert {'FERPlus', 'EnsembleRunner', 'RoutingMetric'} <= names
    page = (DOCS / 'config_options.md').read_text()
    assert not [name for name in sorted(names) if f'`{name}`' not in page]
    # And nothing that is gone.
    tables = re.findall(r'^\| type \|.*\n(?:\|.*\n)+', page, re.M)
    cells = [row.split('|')[1] for table in tables
             for row in table.splitlines()[2:]]
    told = {name for cell in cells for name in re.findall('`(.*?)`', cell)}
    assert len(told) > 40 and told <= names


def test_modules_of_the_reference_can_be_imported():
    modules = re.findall(r'automodule:: (\S+)', (DOCS / 'api.md').read_text())
    assert len(modules) > 10
    for name in modules:
        module = importlib.import_module(name)
        assert module.__doc__ and module.__all__


def test_every_page_is_in_the_table_of_contents():
    index = (DOCS / 'index.md').read_text()
    trees = re.findall(r'```\{toctree\}(.*?)```', index, re.S)
    patterns = [line for tree in trees for line in tree.split()
                if line and line[0] != ':']
    for page in DOCS.glob('*.md'):
        if page.stem != 'index':
            assert any(Path(page.stem).match(one) for one in patterns), page
            # The trees are not shown where the code lies.
            assert f'({page.name})' in index, page


def heading_anchors(page):
    """Anchors as GitHub and myst make them from headings."""
    heads = re.findall(r'^#+ (.*)$', page.read_text(), re.M)
    heads = [re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', head) for head in heads]
    return {re.sub(r'[^\w\- ]', '', head.lower()).replace(' ', '-')
            for head in heads}


@pytest.mark.parametrize('page', sorted(DOCS.glob('*.md')),
                         ids=lambda page: page.stem)
def test_links_to_headings_lead_there(page):
    links = re.findall(r'\]\(([^)\s:]*)#([^)\s]+)\)', page.read_text())
    wrong = [(name, anchor) for name, anchor in links if anchor not in
             heading_anchors(page.parent / name if name else page)]
    assert not wrong


MODULES = sorted(path for path in PACKAGE.rglob('*.py')
                 if '>>>' in path.read_text())


@pytest.mark.parametrize('path', MODULES, ids=lambda path: path.stem)
def test_doctests(path):
    name = '.'.join(path.relative_to(ROOT).with_suffix('').parts)
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted and not found.failed
