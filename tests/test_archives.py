"""The wheel and the source archive hold what they should, and no more."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ('configs', 'docs', 'requirements', 'tests', 'tools',
           'uar_mmpretrain')
LARGEST = 1_000_000  # bytes of a file


@pytest.fixture(scope='module')
def archives(tmp_path_factory):
    """Sizes in bytes by name: of the wheel, made from the other, and of it."""
    folder = tmp_path_factory.mktemp('dist')
    # A copy: beside an earlier build, setuptools packs what that one packed.
    clone = tmp_path_factory.mktemp('clone')
    for file in filter(Path.is_file, ROOT.iterdir()):
        shutil.copy2(file, clone)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, clone / name, ignore=(
            shutil.ignore_patterns('__pycache__', '.mim', '_build')))
    done = subprocess.run(
        [sys.executable, '-m', 'build', '--no-isolation', '--outdir', folder,
         clone], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout[-3000:]
    with zipfile.ZipFile(next(folder.glob('*.whl'))) as archive:
        wheel = {entry.filename: entry.file_size
                 for entry in archive.infolist()}
    with tarfile.open(next(folder.glob('*.tar.gz'))) as archive:
        source = {entry.name.partition('/')[2]: entry.size
                  for entry in archive if entry.isfile()}
    return wheel, source


def present(*folders):
    """Files below folders of the clone, without what is made there."""
    return {path.relative_to(ROOT).as_posix() for folder in folders
            for path in (ROOT / folder).rglob('*') if path.is_file()
            and not {'__pycache__', '.mim', '_build'} & set(path.parts)}


def test_the_wheel_is_the_package_with_configs_and_tools(archives):
    wheel, _ = archives
    carried = present('configs', 'tools') | {'model-index.yml'}
    assert {name for name in wheel if '.dist-info/' not in name} == {
        *present('uar_mmpretrain'),
        *(f'uar_mmpretrain/.mim/{name}' for name in carried)}


def test_the_source_archive_builds_tests_and_documents(archives):
    _, source = archives
    expected = present(*FOLDERS) | {
        'LICENSE', 'README.md', 'CHANGELOG.md', 'Makefile', 'noxfile.py',
        'setup.py', 'pyproject.toml', 'model-index.yml', 'CITATION.cff'}
    assert expected - source.keys() == set()


def test_nothing_in_them_is_large(archives):
    assert [name for sizes in archives for name, size in sizes.items()
            if size > LARGEST] == []
