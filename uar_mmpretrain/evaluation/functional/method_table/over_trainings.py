"""One method trained several times: mean figures, and their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from .. import Estimate, PredictionTable
from .measure import MethodCosts, MethodFigures, measure_method

_COSTS = {field.name for field in fields(MethodCosts)}


def measure_members(name: str, table: PredictionTable,
                    **options: Any) -> MethodFigures:
    """Measure a method whose trainings are the members of an ensemble.

    Args:
        name (str): The method.
        table (PredictionTable): R rows of the ensemble's test, M members.
            Its channels and actions are those of the ensemble, and left out.
        **options: As in :func:`.measure_method`.

    Returns:
        MethodFigures: Means over the M trainings.
    """
    return average_trainings([
        measure_method(name, replace(
            table, member_scores=table.member_scores[:, member:member + 1],
            action=None, channels={}), **options)
        for member in range(table.num_members)])


def average_trainings(figures: Sequence[MethodFigures]) -> MethodFigures:
    """Average the figures of several trainings of one method.

    Replicates are averaged draw by draw: intervals and paired differences
    are still about other test images, for the mean of these trainings.

    Args:
        figures (Sequence[MethodFigures]): M of them, measured on the same
            draws of the same images.

    Returns:
        MethodFigures: Means of the figures that all have, and their sample
        standard deviation (M - 1 in the denominator). Costs have none.
    """
    estimates, spread, reasons = {}, {}, {}
    for one in reversed(figures):
        reasons.update(one.reasons)
    for key in figures[0].estimates:
        if key in reasons:
            continue
        same = [one.estimates[key] for one in figures]
        values = [one.value for one in same]
        estimates[key] = Estimate(
            float(np.mean(values)),
            np.mean([one.replicates for one in same], axis=0))
        if len(same) > 1 and key not in _COSTS:
            spread[key] = float(np.std(values, ddof=1))
    return replace(figures[0], estimates=estimates, reasons=reasons,
                   spread=spread, trainings=len(figures))
