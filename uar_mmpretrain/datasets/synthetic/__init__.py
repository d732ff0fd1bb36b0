"""Drawn faces with known action units, mixtures and label distributions."""

from .action_units import (
    ACTION_UNITS,
    UNILATERAL_CLASS,
    au_index,
    au_shares,
    blend,
    express,
    observer_prototypes,
)
from .annotators import (
    NUM_PERCEPTIONS,
    PERCEPTION_NOISE,
    cast_votes,
    true_distributions,
)
from .drawing import (
    DRAWING_VERSION,
    MIN_IMAGE_SIZE,
    check_image_size,
    draw_face,
)
from .face_model import FaceGeometry, face_geometry
from .parameters import NUM_DRAWS, FaceParameters, sample_parameters
from .population import SPLITS, Population, sample_population

__all__ = [
    'ACTION_UNITS', 'DRAWING_VERSION', 'MIN_IMAGE_SIZE', 'NUM_DRAWS',
    'NUM_PERCEPTIONS', 'PERCEPTION_NOISE', 'SPLITS', 'UNILATERAL_CLASS',
    'FaceGeometry', 'FaceParameters', 'Population', 'au_index', 'au_shares',
    'blend', 'cast_votes', 'check_image_size', 'draw_face', 'express',
    'face_geometry', 'observer_prototypes', 'sample_parameters',
    'sample_population', 'true_distributions'
]
