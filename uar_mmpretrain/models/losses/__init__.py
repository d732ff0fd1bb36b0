"""Losses on label distributions and votes."""

from .dirichlet_multinomial_loss import DirichletMultinomialLoss
from .soft_target_loss import SoftTargetLoss

__all__ = ['DirichletMultinomialLoss', 'SoftTargetLoss']
