"""What the documentation names is in the repository."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ('README.md', 'CHANGELOG.md',
                                  'CONTRIBUTING.md', 'SECURITY.md')]
PAGES += sorted((ROOT / 'docs').rglob('*.md'))
PAGES += sorted((ROOT / 'configs').rglob('README.md'))
PAGES = [page for page in PAGES if page.is_file()]

# As typed in a command or a config, from the root of the clone. Names in
# capitals (CONFIG) and folders of results are the reader's own.
_PATH = re.compile(r'(?<![\w/.-])(?:configs|tools|docs|requirements)'
                   r'/[\w./-]*[\w]')
# Paths that pages give relative to the package.
_MODULE = re.compile(r'(?<![\w/.-])(?:uar_mmpretrain/)?'
                     r'(?:corruptions|datasets|engine|evaluation|models|'
                     r'routing|uncertainty|visualization)/[\w/]+\.py')
_LINK = re.compile(r'\]\(([^)\s]+)\)')
_FLAG = re.compile(r'(?<![\w-])--[a-z][a-z-]+')


def page_id(page):
    return page.relative_to(ROOT).as_posix()


def test_there_are_pages():
    assert len(PAGES) > 10


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_paths_exist(page):
    missing = [path for path in _PATH.findall(page.read_text())
               if not (ROOT / path).exists()]
    assert not missing


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_modules_exist(page):
    package = ROOT / 'uar_mmpretrain'
    names = [name.removeprefix('uar_mmpretrain/')
             for name in _MODULE.findall(page.read_text())]
    assert not [name for name in names if not (package / name).exists()]


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_relative_links_lead_somewhere(page):
    links = [link.split('#')[0] for link in _LINK.findall(page.read_text())
             if '://' not in link]
    assert not [link for link in links
                if link and not (page.parent / link).exists()]


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_flags_of_our_tools_exist(page):
    # A command may go on in the next line.
    text = page.read_text().replace('\\\n', ' ')
    wrong = []
    for tool in re.findall(r'tools/[\w/]+\.py', text):
        source = (ROOT / tool).read_text()
        source += (ROOT / 'tools' / 'common.py').read_text()
        for line in text.splitlines():
            if not re.match(rf'\s*python {re.escape(tool)}', line):
                continue
            flags = _FLAG.findall(line)
            wrong += [(tool, flag) for flag in flags
                      if f"'{flag}'" not in source]
    assert not wrong


CONFIGS = sorted((ROOT / 'configs' / 'uar').glob('*.py'))


@pytest.mark.parametrize('config', CONFIGS, ids=lambda path: path.stem)
def test_config_is_described(config):
    readme = (config.parent / 'README.md').read_text()
    assert f'({config.name})' in readme
    metafile = yaml.safe_load((config.parent / 'metafile.yml').read_text())
    found = [model for model in metafile['Models']
             if model['Config'] == page_id(config)]
    assert len(found) == 1 and found[0]['Name'] == config.stem


@pytest.mark.parametrize('config', CONFIGS, ids=lambda path: path.stem)
def test_metafile_agrees_with_the_config(config):
    from mmengine.config import Config
    cfg = Config.fromfile(config, import_custom_modules=False)
    metafile = yaml.safe_load((config.parent / 'metafile.yml').read_text())
    model, = (m for m in metafile['Models'] if m['Name'] == config.stem)
    assert model['Metadata']['Epochs'] == cfg.train_cfg.max_epochs
    assert model['Metadata']['Batch Size'] == cfg.train_dataloader.batch_size
    assert model['Metadata']['Ensemble Members'] == cfg.ensemble.num_members


def test_results_of_metafiles_are_those_of_the_page():
    found = 0
    for path in sorted((ROOT / 'configs').rglob('metafile.yml')):
        page = (path.parent / 'README.md').read_text()
        for model in yaml.safe_load(path.read_text())['Models']:
            for result in model.get('Results', []):
                accuracy = result['Metrics']['Top 1 Accuracy']
                assert f'| {model["Name"]} | {accuracy}% |' in page
                found += 1
    assert found


def test_model_index_imports_every_metafile():
    index = yaml.safe_load((ROOT / 'model-index.yml').read_text())
    metafiles = {page_id(path)
                 for path in (ROOT / 'configs').rglob('metafile.yml')}
    assert set(index['Import']) == metafiles
    for name in metafiles:
        content = yaml.safe_load((ROOT / name).read_text())
        collections = {c['Name'] for c in content['Collections']}
        assert {m['In Collection'] for m in content['Models']} <= collections
        assert all((ROOT / c['README']).is_file()
                   for c in content['Collections'])
