"""Packaging of uar_mmpretrain."""

import os
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
version: dict = {}
exec((ROOT / 'uar_mmpretrain' / 'version.py').read_text(), version)

# mmengine, mmcv and mmpretrain are not hard requirements: they come as the
# official packages or as the onedl forks, mmcv also as mmcv-lite, all under
# the same import names, and two of one name break each other.
REQUIRED = [
    'torch>=2.1',
    'numpy',
    'scipy',
    'scikit-learn',
    'pandas',
    'matplotlib',
    'opencv-python',
    'pillow',
    'pyyaml',
    'rich',
]
EXTRAS = {
    'mmcv-lite':
    ['mmengine>=0.10.4', 'mmcv-lite>=2.1,<2.4', 'mmpretrain>=1.2'],
    'onedl': ['onedl-mmengine', 'onedl-mmcv', 'onedl-mmpretrain'],
    'fast': ['numba'],
    'report': ['pyarrow', 'jinja2', 'plotly'],
    'page': ['gradio>=6'],
    'deploy': ['onnx', 'onnxruntime', 'onnxscript'],
    'dev': ['pytest>=9', 'pytest-cov', 'pytest-xdist', 'hypothesis', 'ruff',
            'mypy', 'pre-commit'],
    'docs': ['sphinx', 'myst-parser', 'furo'],
}


class BuildWithMim(build_py):
    """Put configs and tools into the package, as mmpretrain does.

    MIM looks for them in the folder ``.mim`` of an installed package; an
    editable install gets links, so that changes in the clone count.
    """

    def run(self):
        super().run()
        base = ROOT if self.editable_mode else Path(self.build_lib)
        folder = base / 'uar_mmpretrain' / '.mim'
        # What an earlier build left may be there no more.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ('configs', 'tools', 'model-index.yml'):
            source, target = ROOT / name, folder / name
            if self.editable_mode:
                target.symlink_to(os.path.relpath(source, folder))
            elif source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns(
                    '__pycache__'))
            else:
                shutil.copy2(source, target)


setup(
    name='uar_mmpretrain',
    version=version['__version__'],
    description='Uncertainty-aware routing for facial expression recognition '
    'with mmpretrain',
    long_description=(ROOT / 'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    packages=find_packages(include=['uar_mmpretrain', 'uar_mmpretrain.*']),
    package_data={
        'uar_mmpretrain.corruptions.frost': ['data/*.png', 'data/*.txt'],
        'uar_mmpretrain.datasets.checks': ['*.yaml'],
        'uar_mmpretrain.models.poi': ['*.yaml'],
        'uar_mmpretrain.visualization.html_report':
        ['templates/*.j2', 'static/*'],
    },
    # What noxfile.py tries it on, as in the classifiers.
    python_requires='>=3.9',
    install_requires=REQUIRED,
    extras_require=EXTRAS,
    cmdclass=dict(build_py=BuildWithMim),
    classifiers=[
        'Intended Audience :: Science/Research',
        'License :: OSI Approved :: Apache Software License',
        'Operating System :: POSIX :: Linux',
        'Programming Language :: Python :: 3.9',
        'Programming Language :: Python :: 3.11',
        'Programming Language :: Python :: 3.13',
        'Topic :: Scientific/Engineering :: Artificial Intelligence',
        'Topic :: Scientific/Engineering :: Image Recognition',
    ],
)
