"""Settings of the documentation site: ``make docs``.

The source folder is the root of the clone, so that pages may link to
anything in it, as they do when they are read where the code lies.
"""

# Before anything of OpenMMLab: sets up what autodoc will import.
import uar_mmpretrain  # isort: skip
from mmcv.transforms.utils import cache_randomness

# mmcv's decorator cannot be looked up on a class, which autodoc does.
_get = cache_randomness.__get__
cache_randomness.__get__ = lambda self, instance, owner: (
    self if instance is None else _get(self, instance, owner))

project = 'uar_mmpretrain'
author = 'the uar_mmpretrain authors'
version = release = uar_mmpretrain.__version__

extensions = ['myst_parser', 'sphinx.ext.autodoc', 'sphinx.ext.napoleon']
root_doc = 'docs/index'
include_patterns = ['*.md', 'docs/*.md', 'configs/*/README.md']
exclude_patterns = ['.*', 'build', 'data', 'dist', 'docs/_build', 'shared',
                    'tests', 'work_dirs']

# Links to headings are checked too.
myst_heading_anchors = 4
suppress_warnings = [
    # Code blocks hold configs with an ellipsis, too.
    'misc.highlighting_failure',
    # A class and its own base class may stand in several packages.
    'ref.python',
]

autodoc_member_order = 'alphabetical'
autodoc_typehints = 'signature'
autodoc_default_options = {'members': True, 'show-inheritance': True}
napoleon_numpy_docstring = False
napoleon_include_init_with_doc = False

html_theme = 'furo'
html_title = 'uar_mmpretrain'
html_copy_source = False
html_show_copyright = False
