"""Several methods, each trained and tested as its own process."""

from .collect import collect_figures, collect_runs
from .methods import Method, Weights, method_config, read_methods
from .runner import Outcome, run_methods
from .steps import StepFailed, run_logged

__all__ = [
    'Method', 'Outcome', 'StepFailed', 'Weights', 'collect_figures',
    'collect_runs', 'method_config', 'read_methods', 'run_logged',
    'run_methods'
]
