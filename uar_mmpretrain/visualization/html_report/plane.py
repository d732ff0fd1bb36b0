"""The uncertainty plane whose thresholds the reader moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...evaluation.functional.routing.action_report import action_sets
from ...evaluation.functional.scores import NO_EPISTEMIC
from ...routing import Router
from ...routing.router import EPISTEMIC
from ..style import BLUE, GREY, ORANGE
from .axis import Axis
from .chart import Chart, axes, numbers
from .embed import pack, plain
from .run import ReportRun, score_name

# More points than this hide each other, and make a phone slow.
_MAX_POINTS = 1500
# Thresholds to start from where there is no router.
_REJECTED, _REPORTED = 0.05, 0.25
_NO_SET, _NOT_JUDGED = 255, 2
_COLOURS = dict(corrupted=ORANGE, clear=GREY, clean=GREY, ambiguous=BLUE)


class Plane:
    """Rows on the plane: the clean ones and the corrupted of one severity.

    Args:
        run (ReportRun): What was tested.
        router (Router): Thresholds to start from.

    Raises:
        ValueError: If the rejection score needs several members.
    """

    def __init__(self, run: ReportRun, router: Router) -> None:
        self.run, self.router = run, router
        sets = action_sets(run.table, run.severity, run.ambiguous_quantile)
        # Named by the row of the table it is counted in.
        self.sets = {name: mask for name, mask in sets.items() if mask.any()}
        parts = router.decompose(run.table.member_scores)
        self.aleatoric = parts.aleatoric
        self.rejection = router.rejection_score(parts, run.table.channels)
        self.action = router.route(parts, run.table.channels)
        self.rows = np.flatnonzero(
            run.table.is_clean | np.any(list(self.sets.values()), axis=0))
        self.axes = dict(
            aleatoric=self._axis('aleatoric', self.aleatoric,
                                 router.tau_aleatoric),
            rejection=self._axis(score_name(router.score), self.rejection,
                                 router.tau_epistemic))

    def _axis(self, name: str, values: np.ndarray, threshold: float) -> Axis:
        part = name in ('aleatoric', EPISTEMIC)
        unit = '' if not part else (
            'squared probability' if self.router.kind == 'variance'
            else 'nats')
        shown = values[self.rows]
        low = 0. if part else float(shown.min())
        high = max(float(shown.max()), low) * (1.02 if part else 1) or 1.
        return Axis(name, unit, low, high, part, threshold)

    def titles(self) -> dict[str, str]:
        """Name each set for a reader."""
        names = dict(ambiguous='clean, ambiguous', clear='clean, clear',
                     clean='clean',
                     corrupted=f'corrupted, severity {self.run.severity}')
        return {name: names[name] for name in self.sets}

    def data(self) -> dict[str, Any]:
        """Return all rows for the script of the page.

        Double precision: a row near a threshold must fall on the side the
        router puts it.
        """
        table, rows = self.run.table, self.rows
        code = np.full(len(table), _NO_SET)
        for number, mask in enumerate(self.sets.values()):
            code[mask] = number
        judged = table.is_clean & (table.eval_label >= 0)
        correct = np.where(judged,
                           table.mean_scores.argmax(1) == table.eval_label,
                           _NOT_JUDGED)
        return dict(
            aleatoric=pack(self.aleatoric[rows], '<f8'),
            rejection=pack(self.rejection[rows], '<f8'),
            set=pack(code[rows], 'u1'),
            correct=pack(correct[rows], 'u1'),
            sets=list(self.sets),
            axes={key: axis.data() for key, axis in self.axes.items()})

    def chart(self, seed: int = 0) -> Chart:
        """Draw a sample of each set."""
        across, up = self.axes['aleatoric'], self.axes['rejection']
        rng = np.random.default_rng(seed)
        order = [name for name in _COLOURS if name in self.sets]
        return Chart(
            'The uncertainty plane',
            'Each point is an image: REJECT is everything above the '
            'horizontal line; below it, REPORT is right of the vertical '
            'line and ACCEPT left of it; a good model lifts the corrupted '
            'copies above the line and leaves the ambiguous faces below.',
            {'': [self._points(name, rng) for name in order]},
            axes(across.title, up.title, xaxis=across.layout(),
                 yaxis=up.layout()), tall=True)

    def _points(self, name: str, rng: np.random.Generator) -> dict[str, Any]:
        rows = np.flatnonzero(self.sets[name])
        total = f'{len(rows):,}'
        if len(rows) > _MAX_POINTS:
            rows = np.sort(rng.choice(rows, _MAX_POINTS, replace=False))
            total = f'{len(rows):,} of {total}'
        table = self.run.table
        text = [plain(f'{image}, {corruption}') for image, corruption
                in zip(table.image_id[rows], table.corruption[rows])]
        across, up = self.axes['aleatoric'], self.axes['rejection']
        return dict(
            type='scatter', mode='markers',
            name=f'{self.titles()[name]} ({total})', text=text,
            x=numbers(across.place(self.aleatoric[rows])),
            y=numbers(up.place(self.rejection[rows])),
            customdata=[numbers(pair) for pair in zip(self.aleatoric[rows],
                                                      self.rejection[rows])],
            hovertemplate='%{text}<br>aleatoric %{customdata[0]:.3f}, '
            'rejection score %{customdata[1]:.4f}<extra></extra>',
            marker=dict(color=_COLOURS[name], size=5, opacity=0.5))


def make_plane(run: ReportRun) -> tuple[Plane | None, str]:
    """Build the plane of a test.

    Args:
        run (ReportRun): What was tested.

    Returns:
        tuple[Plane | None, str]: The plane, if there is one, and where its
        thresholds come from, or why there is none.
    """
    stored = run.results.router
    if stored is not None:
        try:
            return Plane(run, Router(**stored)), (
                'The sliders start at the thresholds of the calibrated '
                'router (router.json).')
        except (KeyError, TypeError, ValueError) as error:
            return None, f'the stored router does not fit: {error}'
    clean = run.table.clean()
    if not len(clean):
        return None, 'no clean rows were tested'
    parts = clean.decompose(run.results.kind)
    if not parts.has_epistemic:
        return None, NO_EPISTEMIC
    router = Router(float(np.quantile(parts.epistemic, 1 - _REJECTED)),
                    float(np.quantile(parts.aleatoric, 1 - _REPORTED)),
                    run.results.kind)
    return Plane(run, router), (
        'The test had no router.json. The sliders start where '
        f'{_REJECTED:.0%} of the clean test images exceed the epistemic '
        f'threshold and {_REPORTED:.0%} the aleatoric one: no calibration, '
        'a place to start looking.')
