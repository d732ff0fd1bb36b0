"""The uncertainty plane shows every group where it belongs."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    ambiguous_faces,
    vote_entropy,
)
from uar_mmpretrain.routing import Router
from uar_mmpretrain.visualization import plot_uncertainty_plane


def groups(figure):
    """Points by legend label."""
    return {points.get_label(): np.asarray(points.get_offsets())
            for points in figure.axes[0].collections}


def test_groups_and_coordinates(table):
    found = groups(plot_uncertainty_plane(table))
    clean = table.clean()
    ambiguous, _ = ambiguous_faces(vote_entropy(clean.votes))
    assert set(found) == {
        'corrupted, severity 5 (600)',
        f'clean, clear ({(~ambiguous).sum()})',
        f'clean, ambiguous ({ambiguous.sum()})'
    }
    parts = clean.decompose()
    np.testing.assert_allclose(
        found[f'clean, ambiguous ({ambiguous.sum()})'],
        np.stack([parts.aleatoric, parts.epistemic], 1)[ambiguous])


def test_without_votes_and_without_corruption(table):
    found = groups(plot_uncertainty_plane(
        replace(table.clean(), votes=None)))
    assert list(map(len, found.values())) == [0, 200]
    assert 'clean (200)' in found


def test_thousands_of_points_are_thinned_and_said_so(make_table):
    found = groups(plot_uncertainty_plane(make_table(900, severities=(5, ))))
    assert len(found['corrupted, severity 5 (2,000 of 2,700)']) == 2000


def test_thresholds(table):
    router = Router(.05, .4)
    axes = plot_uncertainty_plane(table, router=router).axes[0]
    level, upright = (line.get_xydata() for line in axes.lines)
    assert (level[:, 1] == .05).all()
    assert (upright[:, 0] == .4).all() and upright[1, 1] == .05
    assert [text.get_text() for text in axes.texts] == [
        'REJECT', 'REPORT', 'ACCEPT'
    ]
    # Thresholds in other units would mislead.
    other = plot_uncertainty_plane(table, 'variance', router=router)
    assert not other.axes[0].lines
    assert 'squared probability' in other.axes[0].get_xlabel()


def test_round_off_and_infinity_can_be_drawn(make_table, tmp_path):
    table = make_table(30)
    scores = table.member_scores.copy()
    scores[:5] = scores[:5, :1]
    scores[5] = np.eye(4)[:3]
    figure = plot_uncertainty_plane(replace(table, member_scores=scores),
                                    'pairwise_kl')
    figure.savefig(tmp_path / 'a.png')
    offsets = np.concatenate(list(groups(figure).values()))
    assert np.isfinite(offsets).all() and (offsets >= 0).all()


def test_needs_two_members(make_table):
    with pytest.raises(ValueError, match='at least two members'):
        plot_uncertainty_plane(make_table(num_members=1))
