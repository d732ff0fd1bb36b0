"""Definitions of ambiguous by hand, and every score under each."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import auroc, routing_rows
from uar_mmpretrain.evaluation.functional.routing.matched_rejection import (
    MatchedRejection,
)
from uar_mmpretrain.evaluation.functional.routing.routing_sensitivity import (
    ambiguity_definitions,
    sensitivity_details,
)


def test_definitions_by_hand():
    votes = np.array([[10, 0, 0], [9, 1, 0], [8, 2, 0], [7, 3, 0], [6, 4, 0],
                      [6, 2, 2], [3, 2, 0], [5, 5, 0], [5, 4, 1], [4, 3, 3]])
    found = {name: np.flatnonzero(mask).tolist() for name, mask
             in ambiguity_definitions(votes).items()}
    # In order of entropy: 0 1 2 3 (4 6, the same shares) 7 5 8 9.
    assert found == dict(
        top_tercile=[5, 7, 8, 9], top_quartile=[5, 8, 9], top_decile=[9],
        share_up_to_50=[7, 8, 9], share_up_to_60=[4, 5, 6, 7, 8, 9])


def test_ties_at_the_cut_are_included():
    votes = np.array([[10, 0]] * 4 + [[5, 5]] * 4)
    for name, mask in ambiguity_definitions(votes).items():
        assert mask.tolist() == [False] * 4 + [True] * 4, name


@pytest.fixture(scope='module')
def setting(make_table):
    table = make_table(100, severities=(5, ))
    rows = routing_rows(table)
    score = table.decompose().epistemic
    return dict(e=score[rows.ood]), dict(e=score[rows.clean]), rows


def test_values_are_those_of_each_set(setting):
    ood, clean, rows = setting
    found = sensitivity_details(ood, clean, rows, .5)
    masks = ambiguity_definitions(rows.votes)
    assert len(found) == 3 * len(masks)
    for name, mask in masks.items():
        assert found[f'num_ambiguous_{name}'] == mask.sum()
        assert found[f'auroc_ambiguous_e_{name}'] == pytest.approx(
            auroc(ood['e'], clean['e'][mask]))
        sets = replace(rows.sets, ambiguous=mask)
        expected = MatchedRejection(ood['e'], clean['e'], sets,
                                    [.5]).held_out(sets.halves)
        assert found[f'retention_e_{name}'] == expected.retention[0, 0]


def test_an_empty_set_has_its_number_only(setting):
    ood, clean, rows = setting
    votes = np.tile([7, 3, 0, 0], (len(rows.votes), 1))
    votes[:3] = [6, 4, 0, 0]
    found = sensitivity_details(ood, clean, replace(rows, votes=votes), .5)
    assert found['num_ambiguous_share_up_to_50'] == 0
    assert found['num_ambiguous_share_up_to_60'] == 3
    assert found['num_ambiguous_top_quartile'] == len(votes)
    assert [key for key in found if key.startswith('retention')] == [
        'retention_e_share_up_to_60']
