"""What the table says of every method."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One figure of the table.

    Args:
        key (str): Name of the figure.
        title (str): What the table calls it.
        group (str): Columns of a group stand together.
        better (str): 'higher', 'lower', or '' where no method is best.
        digits (int): Decimals shown.
        is_biased (bool): Whether the figure grows with noise, as binned
            calibration errors do; intervals take that off (basic bootstrap,
            see :func:`.reflected_interval`).
    """

    key: str
    title: str
    group: str
    better: str = 'higher'
    digits: int = 3
    is_biased: bool = False


_VOTES = 'Prediction and votes'
_ROUTING = 'Epistemic part against shift'
_TOTAL = 'The same by total uncertainty'
_TRUST = 'Calibration and selective prediction'
_COST = 'Cost'
# Severities of ImageNet-C.
_SEVERITIES = range(1, 6)


def _by_severity(group: str, suffix: str = '') -> tuple[Column, ...]:
    return tuple(Column(f'auroc_sev{severity}{suffix}',
                        f'AUROC, severity {severity}', f'{group}, by severity')
                 for severity in _SEVERITIES)


COLUMNS = (
    Column('accuracy', 'accuracy', _VOTES),
    Column('f1_macro', 'macro-F1', _VOTES),
    Column('nll', 'NLL', _VOTES, 'lower'),
    Column('kl', 'KL to votes', _VOTES, 'lower'),
    Column('rho', 'rho, aleatoric and vote entropy', _VOTES),
    Column('rho_of_ceiling', 'share of ceiling', _VOTES),
    Column('auroc_mean', 'AUROC, mean over severities', _ROUTING),
    Column('auroc_strongest', 'AUROC, strongest severity', _ROUTING),
    Column('auroc_ambiguous', 'AUROC, corrupted : ambiguous', _ROUTING),
    Column('retention', 'ambiguous kept at 50% rejection', _ROUTING),
    *_by_severity(_ROUTING),
    Column('auroc_mean_total', 'AUROC, mean over severities', _TOTAL),
    Column('auroc_strongest_total', 'AUROC, strongest severity', _TOTAL),
    Column('auroc_ambiguous_total', 'AUROC, corrupted : ambiguous', _TOTAL),
    Column('retention_total', 'ambiguous kept at 50% rejection', _TOTAL),
    *_by_severity(_TOTAL, '_total'),
    Column('ece', 'ECE, labels', _TRUST, 'lower', is_biased=True),
    Column('ece_soft', 'ECE, votes', _TRUST, 'lower', is_biased=True),
    Column('aurc', 'AURC, total', _TRUST, 'lower', 4),
    Column('train_seconds', 'training, s', _COST, '', 0),
    Column('train_epochs', 'training, epochs', _COST, '', 0),
    Column('forward_passes', 'forward passes', _COST, '', 0),
    Column('milliseconds', 'test, ms per image', _COST, '', 2),
)
