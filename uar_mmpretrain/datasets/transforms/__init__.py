"""Pipeline transforms."""

from .corrupt import Corrupt
from .crop_box import CropBox
from .hard_label import HardLabel
from .load_action_units import LoadActionUnits
from .loading import LoadFaceImage
from .packing import PackFERInputs
from .random_corrupt import RandomCorrupt
from .render_face import RenderFace

__all__ = [
    'Corrupt', 'CropBox', 'HardLabel', 'LoadActionUnits', 'LoadFaceImage',
    'PackFERInputs', 'RandomCorrupt', 'RenderFace'
]
