"""Pipeline transforms."""

from .corrupt import Corrupt
from .loading import LoadFaceImage
from .packing import PackFERInputs
from .render_face import RenderFace

__all__ = ['Corrupt', 'LoadFaceImage', 'PackFERInputs', 'RenderFace']
