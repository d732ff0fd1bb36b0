import numpy as np
import pytest

from uar_mmpretrain.datasets.records import LabelRecords
from uar_mmpretrain.datasets.targets import make_targets

OWN = ('happiness', 'neutral', 'anger')


def records(votes, **parts):
    votes = np.array(votes, dtype=float)
    return LabelRecords(
        source='x.csv',
        paths=[f'{i}.png' for i in range(len(votes))],
        rows=np.arange(2, len(votes) + 2),
        classes=OWN,
        votes=votes,
        **parts)


def test_classes_go_into_the_order_of_the_model():
    targets = make_targets(
        records([[1, 2, 7]]), ('anger', 'neutral', 'happiness'), 'raw',
        'argmax')
    np.testing.assert_allclose(targets.scores, [[.7, .2, .1]], rtol=1e-6)
    assert targets.votes.tolist() == [[7, 2, 1]]
    assert targets.labels.tolist() == targets.eval_labels.tolist() == [0]
    assert targets.dropped_mass == pytest.approx(0)


def test_a_class_the_file_lacks_is_zero():
    targets = make_targets(
        records([[1, 2, 7]]), ('fear', 'anger', 'neutral', 'happiness'),
        'raw', 'argmax')
    np.testing.assert_allclose(targets.scores, [[0, .7, .2, .1]], rtol=1e-6)
    assert targets.votes.tolist() == [[0, 7, 2, 1]]


def test_a_class_the_model_lacks_is_taken_away():
    # anger wins the first, is all of the second, none of the third.
    targets = make_targets(
        records([[3, 1, 6], [0, 0, 10], [2, 8, 0]]), ('neutral', 'happiness'),
        'raw', 'argmax')
    assert targets.kept.tolist() == [True, False, True]
    np.testing.assert_allclose(
        targets.scores, [[.25, .75], [0, 0], [.8, .2]], rtol=1e-6)
    # Trained as happiness; not judged, because people said anger.
    assert targets.labels.tolist() == [1, -1, 0]
    assert targets.eval_labels.tolist() == [-1, -1, 0]
    assert targets.dropped_mass == pytest.approx((.6 + 1 + 0) / 3)


def test_fractional_votes_stay_fractions():
    targets = make_targets(records([[1.5, 2, 0]]), OWN, 'raw', 'argmax')
    assert targets.votes.tolist() == [[1.5, 2, 0]]


def test_hard_labels_judge_where_asked():
    targets = make_targets(
        records([[1, 2, 7]], labels=np.array([1])), OWN, 'raw', 'label')
    assert targets.labels.tolist() == [2]
    assert targets.eval_labels.tolist() == [1]


def test_rules_that_need_what_is_not_there():
    soft = records([[.1, .2, .7]]).replace(votes=None, probs=np.eye(3)[:1])
    with pytest.raises(ValueError, match="rule 'multi' counts votes"):
        make_targets(soft, OWN, 'multi', 'argmax')
    with pytest.raises(ValueError, match='needs a hard label'):
        make_targets(soft, OWN, 'raw', 'label')
    assert make_targets(soft, OWN, 'raw', 'argmax').votes is None
