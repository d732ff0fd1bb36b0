"""The live page; needs gradio (``pip install uar_mmpretrain[page]``)."""

from .explorer import Exploration, Explorer, read_background
from .page import build_page, launch_page
from .place import plot_place

__all__ = [
    'Exploration', 'Explorer', 'build_page', 'launch_page', 'plot_place',
    'read_background'
]
