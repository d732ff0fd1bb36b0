"""A member left out of one image is left out of the test, in writing."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.metrics import CalibrateRouter, DumpPredictions
from uar_mmpretrain.evaluation.metrics.excluded_members import (
    excluded_members,
)

SAID = ("member 1 of 3 gave outputs that are not finite for 2 of 60 rows "
        "(first image: 'test/0007.png'); left out of all rows, and the "
        "members 0, 2 numbered anew (on_nonfinite='exclude')")


def rows(*excluded, members=3):
    return [dict(image_id=f'{i}.png', excluded=numbers,
                 member_scores=np.full((members, 2), .5))
            for i, numbers in enumerate(excluded)]


@pytest.fixture
def samples(make_table, as_samples):
    """Samples of 60 clean faces; member 1 failed on numbers 40 and 7."""
    table = make_table(60, corruptions=[])
    made = as_samples(table)
    for i in (40, 7):
        made[i].member_scores[1] = float('nan')
        made[i].set_field([1], 'excluded_members')
    return table, made


def test_nothing_to_leave_out():
    assert excluded_members(rows((), ())) == ([], None)
    assert excluded_members([]) == ([], None)


def test_at_least_two_members_are_left():
    assert excluded_members(rows((2, ), (0, ), members=4))[0] == [0, 2]
    # No image lacks more than one, yet all together leave one member.
    with pytest.raises(ValueError, match='member 0 of 3 .*; member 2 of 3 .*'
                       'fewer than two members are left'):
        excluded_members(rows((2, ), (), (0, )))


def test_the_rows_of_a_test_have_the_members_that_are_left(
        samples, evaluate, tmp_path):
    table, made = samples
    metric = DumpPredictions(tmp_path / 'p.csv')
    evaluate(metric, made, table.classes)
    np.testing.assert_array_equal(metric.table.member_scores,
                                  table.member_scores[:, [0, 2]])
    assert metric.notes['members'].startswith(SAID)
    # The next test of the same metric starts anew.
    made[7].member_scores[1] = made[40].member_scores[1] = .25
    for i in (7, 40):
        made[i].set_field([], 'excluded_members')
    evaluate(metric, made, table.classes)
    assert metric.notes == {} and metric.table.num_members == 3


def test_a_router_says_so_too(samples, evaluate, tmp_path):
    table, made = samples
    metric = CalibrateRouter(tmp_path / 'router.json')
    evaluate(metric, made, table.classes)
    assert metric.notes['members'].startswith(SAID)
    assert (tmp_path / 'router.json').is_file()


def test_what_nobody_left_out_is_refused(samples, evaluate, tmp_path):
    table, made = samples
    for i in (7, 40):
        made[i].set_field([], 'excluded_members')
    with pytest.raises(ValueError, match="member_scores of image "
                       "'test/0007.png'.*expected finite probabilities "
                       r'\(2 of 60'):
        evaluate(DumpPredictions(tmp_path / 'p.csv'), made, table.classes)
    assert not (tmp_path / 'p.csv').exists()
