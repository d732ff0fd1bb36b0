import numpy as np

from uar_mmpretrain.datasets.records import LabelRecords

RECORDS = LabelRecords(
    'x.csv', ['a', 'b', 'c'],
    np.array([2, 3, 4]), ('neutral', 'anger'),
    labels=np.array([1, 0, 1]),
    boxes=np.arange(12).reshape(3, 4))


def test_take_cuts_every_array_and_the_paths():
    part = RECORDS.take(np.array([True, False, True]))
    assert part.paths == ['a', 'c'] and len(part) == 2
    assert part.rows.tolist() == [2, 4] and part.labels.tolist() == [1, 1]
    assert part.boxes.tolist() == [[0, 1, 2, 3], [8, 9, 10, 11]]
    assert part.votes is None and part.classes == RECORDS.classes
    assert RECORDS.take(np.array([2, 0])).paths == ['c', 'a']


def test_shares_prefer_votes_and_fall_back_to_labels():
    assert RECORDS.shares.tolist() == [[0, 1], [1, 0], [0, 1]]
    probs = RECORDS.replace(probs=np.full((3, 2), .5))
    assert probs.shares.tolist() == [[.5, .5]] * 3
    votes = probs.replace(votes=np.ones((3, 2)))
    assert votes.shares is votes.votes


def test_notes_add_up():
    assert RECORDS.with_notes('one').with_notes('two', 'three').notes == (
        'one', 'two', 'three')
    assert RECORDS.notes == ()
