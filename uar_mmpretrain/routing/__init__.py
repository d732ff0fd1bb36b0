"""From two uncertainties to one action per image."""

from .actions import Action
from .calibration import control_risk, fit_router
from .conformal import conformal_p_values
from .promises import PromiseError
from .provenance import fingerprint_data, fingerprint_weights
from .rejection import quantile_threshold, rejection_threshold
from .risk_control import Losses, risk_threshold
from .router import Router

__all__ = [
    'Action', 'Losses', 'PromiseError', 'Router', 'conformal_p_values',
    'control_risk', 'fingerprint_data', 'fingerprint_weights', 'fit_router',
    'quantile_threshold', 'rejection_threshold', 'risk_threshold'
]
