import numpy as np
import pytest

from uar_mmpretrain.datasets.label_rules import LABEL_RULES, apply_label_rule


def rule(votes, name, extra=(0, 0), ties='first'):
    result = apply_label_rule(
        np.array([votes]), np.array([extra]), name, ties)
    target = result.target[0].round(6).tolist() if result.kept[0] else None
    return target, int(result.label[0])


DROPPED = (None, -1)


def test_raw_divides_by_the_class_votes():
    assert rule([4, 1, 3], 'raw', [2, 0]) == ([.5, .125, .375], 0)
    assert rule([0, 0, 0], 'raw', [0, 10]) == DROPPED


def test_majority_needs_more_than_half_without_single_votes():
    # 5 of 10, but two single votes go: 5 of 8.
    assert rule([5, 3, 1, 1], 'official_majority') == ([1, 0, 0, 0], 0)
    assert rule([5, 5, 0, 0], 'official_majority') == DROPPED
    assert rule([5, 3, 0, 0], 'official_majority', [2, 0]) == DROPPED
    assert rule([2, 0, 0, 0], 'official_majority', [8, 0]) == DROPPED
    # Ten single votes: nothing is left.
    assert rule([1] * 8, 'official_majority', [1, 1]) == DROPPED


def test_probability_takes_columns_until_three_quarters():
    name = 'official_probability'
    # 6 of 10 is under 75 %, 6 + 4 is not.
    assert rule([6, 4, 0, 0], name) == ([.6, .4, 0, 0], 0)
    # 8 of 10 covers it; the 2 are cut off.
    assert rule([8, 2, 0, 0], name) == ([1, 0, 0, 0], 0)
    # Third round takes a tie of two: four columns are too many.
    assert rule([4, 3, 2, 2], name, [2, 0]) == DROPPED
    # 5 + 3 of 10 is enough; exactly 75 % is too.
    assert rule([5, 3, 2, 0], name) == ([.625, .375, 0, 0], 0)
    assert rule([6, 2, 0, 0], name) == ([1, 0, 0, 0], 0)


def test_probability_stops_at_an_extra_column():
    name = 'official_probability'
    # 5, then unknown with 3: stop with 5 of 10, which is not above half.
    assert rule([5, 2, 0], name, [3, 0]) == DROPPED
    # 6, then unknown with 4: stop with 6 of 10.
    assert rule([6, 0, 0], name, [4, 0]) == ([1, 0, 0], 0)
    # unknown first.
    assert rule([4, 0, 0], name, [6, 0]) == DROPPED
    # 4, then 3 tied with unknown: the class counts, then it stops.
    assert rule([4, 3, 2], name, [3, 0]) == ([.571429, .428571, 0], 0)
    # Tied at the top: the class counts, then it stops with 5 of 10.
    assert rule([5, 0, 0], name, [5, 0]) == DROPPED


def test_multi_keeps_every_class_with_30_percent_in_equal_parts():
    assert rule([6, 4, 0], 'multi') == ([.5, .5, 0], 0)
    assert rule([3, 7, 0], 'multi') == ([.5, .5, 0], 1)
    assert rule([8, 2, 0], 'multi') == ([1, 0, 0], 0)
    # 4 of 10 reach 30 %, together not above half.
    assert rule([4, 2, 2, 2], 'multi') == DROPPED
    # The winner is unknown.
    assert rule([4, 0, 0], 'multi', [6, 0]) == DROPPED
    # Unknown has its 30 %, but a class wins.
    assert rule([6, 0, 0], 'multi', [4, 0]) == ([1, 0, 0], 0)


def test_argmax_and_argmax_all():
    assert rule([2, 3, 0], 'argmax', [5, 0]) == ([0, 1, 0], 1)
    assert rule([2, 3, 0], 'argmax_all', [5, 0]) == DROPPED
    # A tie with an extra column goes to the class.
    assert rule([2, 4, 0], 'argmax_all', [4, 0]) == ([0, 1, 0], 1)


@pytest.mark.parametrize('name', ['raw', 'argmax', 'argmax_all', 'multi'])
def test_ties(name):
    votes = np.array([[5, 5, 0], [0, 6, 4]])
    first = apply_label_rule(votes, None, name)
    assert first.label.tolist() == [0, 1] and first.tied.tolist() == [1, 0]
    dropped = apply_label_rule(votes, None, name, ties='drop')
    assert dropped.label.tolist() == [-1, 1]
    assert dropped.kept.tolist() == [False, True]
    assert not dropped.tied.any() and not dropped.target[0].any()


def reference(row, name):
    """FER+'s rules for one row, column by column, as their text says."""
    row = [0. if v <= 1 else float(v) for v in row]
    total, num = sum(row), len(row) - 2
    if name == 'official_majority':
        top = max(range(len(row)), key=lambda i: row[i])
        kept = {top} if row[top] > total / 2 else set()
    elif name == 'multi':
        kept = {i for i, v in enumerate(row) if v >= .3 * total}
        if sum(row[i] for i in kept) <= total / 2:
            kept = set()
    else:
        kept, stopped = set(), False
        while (sum(row[i] for i in kept) < .75 * total and len(kept) < 3
               and not stopped):
            left = [0 if i in kept else v for i, v in enumerate(row)]
            level = {i for i, v in enumerate(left) if v == max(left)}
            classes = {i for i in level if i < num}
            stopped = len(classes) < len(level)
            kept |= classes
        if len(kept) > 3 or sum(row[i] for i in kept) <= total / 2:
            kept = set()
    if not kept or max(kept, key=lambda i: (row[i], -i)) >= num:
        return None
    kept = {i for i in kept if i < num}
    weight = [(row[i] if name == 'official_probability' else 1.) *
              (i in kept) for i in range(num)]
    return [w / sum(weight) for w in weight]


@pytest.mark.parametrize(
    'name', ['official_majority', 'official_probability', 'multi'])
def test_vectorised_rules_equal_a_row_by_row_one(name):
    rng = np.random.default_rng(0)
    shares = rng.dirichlet([.4] * 10, size=2000)
    votes = np.stack([rng.multinomial(10, share) for share in shares])
    result = apply_label_rule(votes[:, :8], votes[:, 8:], name)
    expected = [reference(row, name) for row in votes]
    assert result.kept.tolist() == [row is not None for row in expected]
    assert 0.3 < result.kept.mean() < 1
    wanted = [row for row in expected if row is not None]
    np.testing.assert_allclose(result.target[result.kept], wanted)


@pytest.mark.parametrize('name', sorted(LABEL_RULES))
def test_targets_sum_to_one_and_the_label_is_a_winner(name):
    rng = np.random.default_rng(1)
    votes = rng.multinomial(10, [.4, .2, .1, .1, .1, .1], size=500)
    result = apply_label_rule(votes[:, :4], votes[:, 4:], name)
    kept = result.target[result.kept]
    np.testing.assert_allclose(kept.sum(axis=1), 1)
    own = kept[np.arange(len(kept)), result.label[result.kept]]
    np.testing.assert_array_equal(own, kept.max(axis=1))
    assert not result.target[~result.kept].any()
    assert (result.label[~result.kept] == -1).all()


@pytest.mark.parametrize('args, message', [
    (([[1]], None, 'mean'), 'unknown label rule'),
    (([[1]], None, 'raw', 'random'), 'ties='),
    (([1], None, 'raw'), r'expected \(N, C\)'),
    (([[1]], [[1], [2]], 'raw'), r'expected \(1, E\)'),
])
def test_bad_arguments(args, message):
    with pytest.raises(ValueError, match=message):
        apply_label_rule(*args)
