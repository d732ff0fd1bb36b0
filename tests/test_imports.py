"""Imports point one way, and the pure folders know nothing of OpenMMLab.

apis, deploy, engine, visualization -> models, datasets, evaluation.metrics
-> uncertainty, routing, corruptions, evaluation.functional
"""

import ast
from pathlib import Path

import pytest

PACKAGE = 'uar_mmpretrain'
ROOT = Path(__file__).parent.parent / PACKAGE
LAYERS = (
    ('uncertainty', 'routing', 'corruptions', 'evaluation.functional',
     'files', 'version'),
    ('models', 'datasets', 'evaluation.metrics', 'evaluation', 'compat'),
    ('apis', 'deploy', 'engine', 'visualization'),
)
PURE = ('uncertainty', 'routing', 'corruptions', 'evaluation.functional',
        'files')
FRAMEWORK = ('mmengine', 'mmcv', 'mmpretrain', 'mmdet', 'mmseg', 'mmdeploy')
OUTSIDE = ('tools', 'tests', 'configs')


def module_name(path, root):
    """Dotted name inside the package, '' for the package itself."""
    parts = path.relative_to(root).with_suffix('').parts
    return '.'.join(p for p in parts if p != '__init__')


def folder_of(module):
    """The most specific listed folder a module of the package lies in."""
    known = [folder for layer in LAYERS for folder in layer
             if module == folder or module.startswith(folder + '.')]
    return max(known, key=len, default=None)


def layer_of(module):
    folder = folder_of(module)
    return None if folder is None else next(
        number for number, layer in enumerate(LAYERS) if folder in layer)


def absolute(node, path, module):
    """The absolute names an import statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ''
    if node.level:
        parts = [PACKAGE, *filter(None, module.split('.'))]
        # A package's own __init__ is one level further in than its modules.
        up = node.level - (path.name == '__init__.py')
        parts = parts[:len(parts) - up]
        base = '.'.join([*parts, *filter(None, [base])])
    return [f'{base}.{alias.name}' for alias in node.names]


def breach(module, imported):
    """What is wrong with one import of one module, None if nothing."""
    top = imported.split('.')[0]
    pure = folder_of(module) in PURE
    if top in OUTSIDE:
        return 'the package imports nothing from outside itself'
    if top in FRAMEWORK and pure:
        return 'a pure folder imports OpenMMLab'
    if top != PACKAGE or module == '':
        return None
    target = imported[len(PACKAGE) + 1:]
    own, other = layer_of(module), layer_of(target)
    if other is None:
        return 'imports the package as a whole, or an unlisted folder'
    if other > own or (pure and other > 0):
        return 'imports a folder above its own'
    return None


def breaches(root):
    """All forbidden imports below a folder, as readable lines."""
    found = []
    for path in sorted(root.rglob('*.py')):
        module = module_name(path, root)
        if module and layer_of(module) is None:
            found.append(f'{module}: in no layer of this test')
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            found += [
                f'{path.relative_to(root)}:{node.lineno} imports {name}: '
                f'{problem}' for name in absolute(node, path, module)
                if (problem := breach(module, name))
            ]
    return found


def test_the_package_keeps_to_its_layers():
    assert breaches(ROOT) == []


def test_something_was_checked():
    folders = {folder_of(module_name(path, ROOT))
               for path in ROOT.rglob('*.py')}
    assert set(PURE) <= folders
    relative = ast.parse('from ..uncertainty import decompose').body[0]
    assert absolute(relative, ROOT / 'routing/router.py',
                    'routing.router') == [f'{PACKAGE}.uncertainty.decompose']


@pytest.fixture
def package(tmp_path):
    """Write a made package of one module; return its forbidden imports."""

    def check(path, source):
        file = tmp_path / PACKAGE / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
        return breaches(tmp_path / PACKAGE)

    return check


@pytest.mark.parametrize('path, source, named', [
    ('routing/router.py', 'import mmengine', 'mmengine'),
    ('routing/router.py', 'from mmcv.transforms import Resize',
     'mmcv.transforms.Resize'),
    ('corruptions/api.py', 'import numpy, mmpretrain.registry as r',
     'mmpretrain.registry'),
    ('uncertainty/x.py', 'def f():\n    from mmengine import Config',
     'mmengine.Config'),
    ('evaluation/functional/ece.py', 'from ..metrics import RoutingMetric',
     f'{PACKAGE}.evaluation.metrics.RoutingMetric'),
    ('evaluation/functional/__init__.py', 'from .. import metrics',
     f'{PACKAGE}.evaluation.metrics'),
    ('evaluation/functional/ece.py', 'from .. import metrics',
     f'{PACKAGE}.evaluation.metrics'),
    ('uncertainty/x.py', 'from ..datasets.votes import share',
     f'{PACKAGE}.datasets.votes.share'),
    ('uncertainty/deep/x.py', 'from ... import models', f'{PACKAGE}.models'),
    ('corruptions/__init__.py', 'from .. import models', f'{PACKAGE}.models'),
    ('corruptions/api.py', 'from .. import __version__',
     f'{PACKAGE}.__version__'),
    ('routing/router.py', f'import {PACKAGE}', PACKAGE),
    ('routing/router.py', f'import {PACKAGE}.engine.runners',
     f'{PACKAGE}.engine.runners'),
    ('models/heads/x.py', 'from ...engine import EnsembleRunner',
     f'{PACKAGE}.engine.EnsembleRunner'),
    ('datasets/x.py', 'from ..visualization.style import COLOURS',
     f'{PACKAGE}.visualization.style.COLOURS'),
    ('evaluation/metrics/x.py', 'from ...apis import RoutingInferencer',
     f'{PACKAGE}.apis.RoutingInferencer'),
    ('engine/x.py', 'import tools.common', 'tools.common'),
])
def test_a_breach_is_found(package, path, source, named):
    found = package(path, source)
    assert len(found) == 1
    assert found[0].startswith(f'{path}:')
    assert f' imports {named}: ' in found[0]


def test_a_folder_in_no_layer_is_found(package):
    assert package('reports/html.py', '') == [
        'reports.html: in no layer of this test']


@pytest.mark.parametrize('path, source', [
    ('routing/router.py', 'from ..uncertainty import decompose'),
    ('routing/__init__.py', 'from .router import Router'),
    ('evaluation/functional/ece.py', 'from ...routing import Action'),
    ('evaluation/metrics/x.py', 'from ..functional import ece\n'
     'import mmengine'),
    ('models/heads/x.py', 'from ...uncertainty import decompose'),
    ('engine/runners/x.py', 'from ...evaluation.metrics import Calibrate'),
    ('apis/x.py', f'from {PACKAGE}.models import EnsembleClassifier'),
    ('__init__.py', 'from . import compat, engine'),
    ('engine/x.py', 'import mmengines_of_others, numpy'),
])
def test_what_is_allowed_passes(package, path, source):
    assert package(path, source) == []
