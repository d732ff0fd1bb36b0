"""Archives, and the stacks they are tried on: make dist, make test-stacks.

nox and not tox: the archives are built once and checked, the tests are taken
from the one and run against the other, which in tox would be a script anyway.
One stack alone: ``nox -s "stack(oldest)"``. An interpreter that is not there
is skipped, and said so.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nox

nox.options.sessions = ['stack']
nox.options.reuse_venv = 'yes'

DIST = Path('dist')
# Name, as in requirements/stacks, and Python.
STACKS = {'official': '3.11', 'onedl': '3.11', 'oldest': '3.9',
          'newest': '3.13'}
# What meets torch, NumPy, OpenCV and OpenMMLab, and takes a minute or two.
TESTS = ['tests/reliability/stacks', 'tests/compat',
         'tests/configs/test_configs.py',
         'tests/datasets/test_corruption_suite.py',
         'tests/datasets/test_tables.py', 'tests/datasets/transforms',
         'tests/engine/checkpoints/test_files.py',
         'tests/engine/checkpoints/test_checks.py',
         'tests/engine/checkpoints/test_local_loader.py',
         'tests/engine/hooks', 'tests/engine/runners',
         'tests/evaluation/metrics', 'tests/models/classifiers',
         'tests/models/heads', 'tests/routing/test_router.py',
         'tests/uncertainty']

DEPENDENCIES = """# What is installed besides

## Known weaknesses

    make audit    # pip-audit over requirements/demo.txt

asks the vulnerability database of the Python Package Index. It ends with an
error if a package has a known weakness, and also if the database cannot be
reached. It could not be where this page was written: nothing was audited.

## Licences

Every package that [requirements/dev.txt](../requirements/dev.txt) installs,
as its own metadata states it; `make licences` writes this page. Training and
testing need those of [requirements/demo.txt](../requirements/demo.txt) only.
The wheels of opencv-python carry FFmpeg (LGPL 2.1) and Qt (LGPL 3) besides.

"""


def latest(pattern: str) -> Path:
    """Return what was built last."""
    return max(DIST.glob(pattern), key=lambda path: path.stat().st_mtime)


@nox.session(python=False)
def dist(session: nox.Session) -> None:
    """Build both archives; tests/test_archives.py looks into them."""
    session.run(sys.executable, '-m', 'build', '--outdir', str(DIST))
    wheel, sdist = latest('*.whl'), latest('*.tar.gz')
    session.run(sys.executable, '-m', 'twine', 'check', '--strict',
                str(wheel), str(sdist))


@nox.session(requires=['dist'])
@nox.parametrize('python,stack', [
    nox.param(python, name, id=name) for name, python in STACKS.items()])
def stack(session: nox.Session, stack: str) -> None:
    """Run tests of the source archive against the installed wheel."""
    wheel, sdist = latest('*.whl').resolve(), latest('*.tar.gz')
    session.install('-r', f'requirements/stacks/{stack}.txt', 'pytest')
    session.run('python', '-m', 'pip', 'uninstall', '-q', '-y',
                'uar_mmpretrain')
    session.install(str(wheel))
    session.run('python', '-m', 'pip', 'freeze')
    temporary = Path(session.create_tmp()).resolve()
    shutil.rmtree(temporary)
    shutil.unpack_archive(sdist, temporary)
    root, = temporary.iterdir()
    # Nothing is left to import but what was installed.
    shutil.rmtree(root / 'uar_mmpretrain')
    session.chdir(root)
    session.run('python', '-m', 'pytest', '-m', '',
                *(session.posargs or TESTS), env=dict(OMP_NUM_THREADS='1'))


@nox.session
def licences(session: nox.Session) -> None:
    """Write the licence of every package that the project installs."""
    session.install('-r', 'requirements/dev.txt')
    table = session.run(
        sys.executable, '-m', 'piplicenses', '--format=markdown',
        '--order=license', f'--python={session.bin}/python', silent=True,
        external=True)
    Path('docs/dependencies.md').write_text(DEPENDENCIES + table,
                                            encoding='utf-8')
