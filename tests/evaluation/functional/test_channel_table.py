"""Scores in a table: equal to the reports', and to made-up extremes."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    decomposition_report,
    routing_report,
)
from uar_mmpretrain.evaluation.functional.channel_table import channel_table


@pytest.fixture(scope='module')
def tested(make_table):
    """80 faces, and two channels: one knows all, one knows nothing."""
    table = make_table(80, severities=(1, 5))
    tie_breaker = np.linspace(0, .1, len(table))
    return replace(table, channels=dict(
        perfect=table.severity + tie_breaker,
        reversed=tie_breaker - table.severity))


@pytest.fixture(scope='module')
def found(tested):
    return channel_table(tested, num_resamples=10)


def test_figures_are_those_of_the_reports(tested, found):
    routing = routing_report(tested, num_resamples=10)
    shift = decomposition_report(tested, num_resamples=10)
    shift = {**shift.values, **shift.details}
    assert found.rho.value == pytest.approx(shift['spearman_aleatoric'])
    assert found.num_ambiguous == routing.values['num_ambiguous']
    for name in ('epistemic', 'total', 'aleatoric', 'perfect'):
        figures = found.scores[name]
        assert figures.auroc.value == pytest.approx(
            shift[f'auroc_{name}_sev5'])
        assert figures.auroc_ambiguous == pytest.approx(
            routing.values[f'auroc_ambiguous_{name}'])
        assert figures.retention == pytest.approx(tuple(
            routing.details[f'retention_{name}_at_{percent}']
            for percent in (50, 80)))
        for corruption, value in figures.by_corruption.items():
            assert value == pytest.approx(
                shift[f'auroc_{name}_{corruption}_sev5'])


def test_the_best_and_the_worst_score(found):
    best, worst = found.scores['perfect'], found.scores['reversed']
    assert best.auroc.value == best.auroc_ambiguous == 1
    assert best.retention == (1, 1)
    assert worst.auroc.value == worst.auroc_ambiguous == 0
    assert worst.retention == (0, 0)


def test_the_worst_corruption_is_named(tested):
    # Pixelated copies look cleaner than clean ones to this score.
    pixelated = tested.corruption == 'pixelate'
    score = np.where(pixelated, -1., tested.channels['perfect'])
    found = channel_table(replace(tested, channels=dict(score=score)),
                          num_resamples=10)
    assert found.scores['score'].worst == ('pixelate', 0)


def test_one_network_is_the_first_member(tested, found):
    alone = replace(tested, member_scores=tested.member_scores[:, :1])
    single = channel_table(alone, num_resamples=10)
    assert 'one_network' not in single.scores
    assert 'epistemic' not in single.scores
    assert found.scores['one_network'].auroc.value == single.scores[
        'total'].auroc.value


def test_a_constant_score_is_left_out(tested):
    same = dict(constant=np.ones(len(tested)))
    found = channel_table(replace(tested, channels=same), num_resamples=10)
    assert 'epistemic' in found.scores and 'constant' not in found.scores


def test_nothing_to_measure(tested):
    with pytest.raises(ValueError, match=r'severity 3; found .* \[0, 1, 5\]'):
        channel_table(tested, severity=3)
    with pytest.raises(ValueError, match='no image has votes'):
        channel_table(replace(tested, votes=None))
