"""Further epistemic scores, fitted on clean images only."""

from .channel_set import ChannelSet
from .conditional import EpistemicGivenAleatoric
from .evidence import Evidence, concatenate
from .feature_density import FeatureDensity
from .feature_statistics import feature_statistics
from .fisher import EmpiricalPValue, FisherCombination
from .fitted import Channel
from .gaussian import SharedCovarianceGaussian
from .input_statistics import INPUT_STATISTICS
from .knn import NearestNeighbours
from .logit_variance import LogitVariance
from .relative_mahalanobis import RelativeMahalanobis

__all__ = [
    'Channel', 'ChannelSet', 'EmpiricalPValue', 'EpistemicGivenAleatoric',
    'Evidence', 'FeatureDensity', 'FisherCombination', 'INPUT_STATISTICS',
    'LogitVariance', 'NearestNeighbours', 'RelativeMahalanobis',
    'SharedCovarianceGaussian', 'concatenate', 'feature_statistics'
]
