"""Checkpoints that are no ensemble together."""

import pytest

from uar_mmpretrain.datasets import SyntheticFaces
from uar_mmpretrain.engine.runners.member_set import (
    check_different,
    check_same_data,
    check_seed,
    training_data,
)


def test_seed():
    check_seed('m/member.pth', 1, 1)
    check_seed('m/member.pth', None, 1)
    with pytest.raises(ValueError, match='member.pth was trained with seed 0; '
                       'this member has seed 1'):
        check_seed('m/member.pth', 0, 1)


def test_the_same_weights_twice():
    check_different(['a', 'b'], ['x', 'y'])
    with pytest.raises(ValueError, match='c holds the same weights as a'):
        check_different(['a', 'b', 'c'], ['x', 'y', 'x'])
    with pytest.raises(ValueError, match='a holds the same weights as a'):
        check_different(['a', 'a'], ['x', 'x'])


def test_different_data():
    members = [dict(path='a', data='x'), dict(path='b', data=None),
               dict(path='c', data='x')]
    check_same_data(members)
    members.append(dict(path='d', data='y'))
    with pytest.raises(ValueError, match='d and a were trained on different '
                       r'data \(fingerprints y and x\)'):
        check_same_data(members)


def test_what_a_member_was_trained_on():

    def faces(number):
        return training_data(SyntheticFaces(
            num_images=number, image_size=24, split='train'))

    assert faces(5) == faces(5) != faces(4)
    assert training_data([1, 2]) is None
