"""The short table a calibration ends with."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.table import Table

from ..evaluation.functional import PredictionTable
from ..evaluation.functional.routing.accepted_losses import (
    LOSSES,
    accepted_losses,
)
from ..routing import Action, Router


def router_table(router: Router, table: PredictionTable,
                 remarks: Mapping[str, str]) -> Table:
    """Lay out a router and what it does on its calibration images.

    Args:
        router (Router): From
            :func:`uar_mmpretrain.evaluation.functional.calibrate_router`.
        table (PredictionTable): The predictions it was calibrated on.
        remarks (Mapping[str, str]): Further lines.

    Returns:
        Table: Two columns.
    """
    lines = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=False)
    lines.add_column(no_wrap=True)
    lines.add_column()
    clean, info = table.clean(), router.info
    action = router.route_scores(clean.member_scores, clean.channels)
    shares = ', '.join(f'{(action == one).mean():.1%} {one.name}'
                       for one in Action)
    rows = {
        f'REJECT above ({router.score})': f'{router.tau_epistemic:.6g}',
        'REPORT above (aleatoric)':
        f'{router.tau_aleatoric:.6g}, {info["aleatoric_rule"]}',
        'temperature': ' '.join([router.temperature.mode, *(
            f'{value:.3f}' for value in router.temperature.values)]),
    }
    for name, promise in router.promises.items():
        rows[f'promise: {name}'] = promise['statement']
        rows[f'counts: {name}'] = ', '.join(
            f'{key} {promise[key]}' for key in promise
            if key.startswith('num_'))
    rows['on the calibration images'] = shares
    for loss in LOSSES:
        kept = accepted_losses(router, clean, loss)
        accepted = kept.loss[kept.aleatoric <= router.tau_aleatoric]
        if len(accepted):
            rows[f'loss on ACCEPT: {loss}'] = (
                f'{accepted.mean():.4f} over {len(accepted)} judged images')
    rows.update({
        'decomposition': router.kind,
        'checkpoint': str(router.checkpoint),
        'calibration data': info['data_fingerprint'],
        **remarks,
    })
    for name, text in rows.items():
        lines.add_row(name, text)
    return lines
