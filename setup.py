"""Packaging of uar_mmpretrain."""

from pathlib import Path

from setuptools import find_packages, setup

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
    'dev': ['pytest>=9', 'pytest-xdist', 'ruff', 'mypy', 'pre-commit'],
    'docs': ['sphinx', 'myst-parser', 'furo'],
}

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
    # What it was tried on; older ones may do.
    python_requires='>=3.11',
    install_requires=REQUIRED,
    extras_require=EXTRAS,
    classifiers=[
        'Programming Language :: Python :: 3.11',
        'Topic :: Scientific/Engineering :: Image Recognition',
    ],
)
