"""Retention, risk-coverage, reliability and shift, as charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...evaluation.functional import (
    Reliability,
    RiskCoverage,
    reliability_diagrams,
    risk_coverage_curves,
)
from ..figures import retention_curve
from ..style import BLUE, GREY
from .chart import (
    REFERENCE,
    Chart,
    Trace,
    axes,
    colour,
    line,
    numbers,
    reference,
)
from .embed import plain
from .run import ReportRun, score_name

_PERCENT = dict(tickformat='.0%', hoverformat='.1%')
_POINTS = 200
# The risk of the first few images jumps, and would set the scale.
_SETTLED = 0.02
_RISKS = dict(error='wrong answers (0/1)',
              disagreement='votes against the answer')


def retention_chart(run: ReportRun) -> Chart | None:
    """Draw how many ambiguous faces survive, None without votes."""
    curves = {name: retention_curve(name, run.results) for name in run.scores}
    traces = [retention_line(curve, score_name(name), color=colour(name, i))
              for i, (name, curve) in enumerate(curves.items()) if curve]
    if not traces:
        return None
    return Chart(
        'Retention of ambiguous faces',
        f'As more corrupted copies (severity {run.severity}) are rejected, '
        'the share of ambiguous faces that survives: higher is better, and '
        'a score below the dotted line does worse than rejecting at random.',
        {'': [random_retention(), *traces]}, retention_layout())


def retention_line(curve: Mapping[float, float], name: str,
                   **style: Any) -> Trace:
    """Draw one curve, points where it was measured."""
    rates = sorted(curve)
    trace = line(rates, [curve[rate] for rate in rates], name, **style)
    return dict(trace, mode='lines+markers')


def random_retention() -> Trace:
    """Draw what a router keeps that rejects at random."""
    return reference([0, 1], [1, 0], 'random')


def retention_layout() -> dict[str, Any]:
    """Return axes of shares."""
    return axes('corrupted copies rejected', 'ambiguous faces kept',
                xaxis=dict(_PERCENT, range=[0, 1]),
                yaxis=dict(_PERCENT, range=[0, 1.02]))


def risk_coverage_chart(run: ReportRun) -> Chart | None:
    """Draw the risk among the surest images, None without labels."""
    by_risk = risk_coverage_curves(run.table, run.results.kind)
    if not by_risk:
        return None
    variants = {}
    for risk, curves in by_risk.items():
        best = next(iter(curves.values()))
        traces = [risk_line(curve, f'{score_name(name)}: AURC '
                            f'{curve.aurc:.4f}', color=colour(name, i))
                  for i, (name, curve) in enumerate(curves.items())]
        variants[_RISKS[risk]] = [
            risk_line(RiskCoverage(best.best, best.best), 'best order',
                      **REFERENCE), *traces]
    return Chart(
        'Risk and coverage',
        'Clean images are answered from the surest to the least sure: at '
        'each share answered (from '
        f'{_SETTLED:.0%} up) the risk among them; lower is better, and no '
        'score can fall below the dotted line.', variants, risk_layout(),
        choice='risk')


def risk_line(curve: RiskCoverage, name: str, **style: Any) -> Trace:
    """Draw a curve at 200 of its points."""
    number = len(curve.risk)
    chosen = np.unique(np.linspace(int(_SETTLED * number), number - 1,
                                   _POINTS, dtype=np.int64))
    return line(curve.coverage[chosen], curve.risk[chosen], name, **style)


def risk_layout() -> dict[str, Any]:
    """Return axes of shares."""
    return axes('share of clean images answered', 'risk among them',
                xaxis=dict(_PERCENT, range=[0, 1]),
                yaxis=dict(_PERCENT, rangemode='tozero'))


def reliability_charts(run: ReportRun) -> dict[str, Chart]:
    """Draw confidence against outcome, by 'hard' and 'soft'."""
    titles = dict(hard=('Reliability, against labels', 'accuracy',
                        'answers that are right'),
                  soft=('Reliability, against votes',
                        'vote share of the answer',
                        'annotators who agree with the answer'))
    return {
        name: Chart(
            f'{titles[name][0]}: ECE {diagram.expected_error:.3f}',
            f'Each bar is the share of {titles[name][2]} among the clean '
            'images of one range of confidence: bars below the dotted line '
            'are over-confident, bars above under-confident; grey bars show '
            'how many images a range holds.',
            {'': _reliability(diagram, titles[name][1])},
            axes('confidence (largest mean probability)', titles[name][1],
                 xaxis=dict(_PERCENT, range=[0, 1]),
                 yaxis=dict(_PERCENT, range=[0, 1]), bargap=0.04,
                 barmode='overlay'))
        for name, diagram in reliability_diagrams(
            run.table, run.num_bins).items()
    }


def _reliability(diagram: Reliability, outcome: str) -> list[Trace]:
    middle = (diagram.edges[1:] + diagram.edges[:-1]) / 2
    width = numbers(np.diff(diagram.edges))
    share = diagram.count / diagram.count.sum()
    bars = dict(type='bar', x=numbers(middle), width=width)
    return [
        dict(bars, y=numbers(diagram.outcome), name=outcome,
             marker=dict(color=BLUE, opacity=0.6),
             customdata=[[count, *numbers([confidence])] for count, confidence
                         in zip(diagram.count.tolist(), diagram.confidence)],
             hovertemplate=f'{outcome} %{{y:.1%}} at mean confidence '
             '%{customdata[1]:.1%}, %{customdata[0]} images'
             '<extra></extra>'),
        dict(bars, y=numbers(share), name='share of images',
             marker=dict(color=GREY, opacity=0.55),
             hovertemplate='%{y:.1%} of the images<extra></extra>'),
        reference([0, 1], [0, 1], 'perfectly calibrated'),
    ]


def heat_map_chart(run: ReportRun) -> Chart | None:
    """Draw the AUROC of each score by corruption and severity."""
    if not run.shift:
        return None
    first = next(iter(run.shift.values()))
    variants = {}
    for name, result in run.shift.items():
        values = [numbers(column) for column in result.auroc.T]
        variants[score_name(name)] = [dict(
            type='heatmap', z=values, zmin=0.4, zmax=1, zmid=0.5,
            x=[str(severity) for severity in result.severities],
            y=[plain(c.replace('_', ' ')) for c in result.corruptions],
            texttemplate='%{z:.2f}', textfont=dict(size=11),
            # White is chance; orange, worse than chance; blue, better.
            colorscale=[[0, '#D55E00'], [1 / 6, '#F7F7F7'], [1, '#0072B2']],
            showscale=False, xgap=1, ygap=1,
            hovertemplate='%{y}, severity %{x}: AUROC %{z:.3f}'
            '<extra></extra>')]
    return Chart(
        'AUROC by corruption and severity',
        'How well a score tells corrupted copies from clean images: 1 '
        '(blue) is perfect, 0.5 (white) is chance, below 0.5 (orange) the '
        'corrupted copies look surer than the clean images.', variants,
        axes('severity', '',
             xaxis=dict(side='top', showgrid=False, type='category'),
             yaxis=dict(autorange='reversed', showgrid=False),
             margin=dict(b=8),
             height=70 + 26 * len(first.corruptions)), tall=True)
