"""Sweeps of trainings for the disentanglement error."""

from .publish import publish_sweeps
from .steps import NOISE, SIZE, Step, list_steps, step_config
from .training import (
    StepResult,
    collect_sweep,
    find_result,
    measure,
    run_step,
)

__all__ = [
    'NOISE', 'SIZE', 'Step', 'StepResult', 'collect_sweep', 'find_result',
    'list_steps', 'measure', 'publish_sweeps', 'run_step', 'step_config'
]
