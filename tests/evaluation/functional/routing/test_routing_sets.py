"""Which rows a routing comparison stands on."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import routing_rows, vote_entropy
from uar_mmpretrain.evaluation.functional.routing.routing_sets import (
    split_halves,
)


def test_rows_belong_to_images_with_votes(table):
    votes = table.votes.copy()
    votes[table.image_id == 'test/0000.png'] = 0
    rows = routing_rows(replace(table, votes=votes))
    assert rows.sets.num_images == 59 == len(rows.clean)
    assert len(rows.ood) == 3 * 59
    assert table.is_clean[rows.clean].all()
    assert (table.severity[rows.ood] == 5).all()
    for place, row in zip(rows.sets.ood, rows.ood):
        assert table.image_id[rows.clean[place]] == table.image_id[row]


def test_ambiguity_comes_from_votes_only(table):
    rows = routing_rows(table, ambiguous_quantile=.9)
    entropy = vote_entropy(table.votes[rows.clean])
    assert rows.cut == np.quantile(entropy, .9)
    np.testing.assert_array_equal(rows.sets.ambiguous, entropy >= rows.cut)
    other = replace(table, member_scores=table.member_scores[::-1])
    np.testing.assert_array_equal(routing_rows(other, 5, .9).sets.ambiguous,
                                  rows.sets.ambiguous)


def test_halves_are_equal_and_follow_the_id():
    ids = np.array([f'{i}.png' for i in range(101)])
    half = split_halves(ids, 'a')
    assert half.sum() == 50
    order = np.random.default_rng(0).permutation(101)
    np.testing.assert_array_equal(split_halves(ids[order], 'a'), half[order])
    assert not np.array_equal(split_halves(ids, 'b'), half)


def test_splits_differ_and_follow_the_seed(table):
    halves = routing_rows(table, seed=1).sets.halves
    assert halves.shape == (20, 60)
    assert len(np.unique(halves, axis=0)) == 20
    np.testing.assert_array_equal(routing_rows(table, seed=1).sets.halves,
                                  halves)
    assert not np.array_equal(routing_rows(table).sets.halves, halves)


def test_refuses(table, make_table):
    with pytest.raises(ValueError, match='no image has votes'):
        routing_rows(replace(table, votes=None))
    with pytest.raises(ValueError, match=r'severity 3; found .*\[0, 1, 5\]'):
        routing_rows(table, severity=3)
    with pytest.raises(ValueError, match='19 clean images'):
        routing_rows(make_table(19))
