"""Fingerprints change with what matters, and with nothing else."""

import numpy as np
import pytest
import torch

from uar_mmpretrain.routing import fingerprint_data, fingerprint_weights


def weights():
    return dict(a=torch.arange(6.).reshape(2, 3), b=torch.tensor(3),
                c=torch.ones(2, dtype=torch.bfloat16))


def test_weights_alone():
    mark = fingerprint_weights(weights())
    assert len(mark) == 16 and int(mark, 16) >= 0
    backwards = dict(reversed(weights().items()))
    assert fingerprint_weights(backwards) == mark
    strided = {**weights(), 'a': weights()['a'].T.contiguous().T}
    assert not strided['a'].is_contiguous()
    assert fingerprint_weights(strided) == mark
    trained = {**weights(), 'a': weights()['a'].requires_grad_()}
    assert fingerprint_weights(trained) == mark


@pytest.mark.parametrize('changes', [
    dict(a=torch.arange(6.).reshape(3, 2)),
    dict(a=torch.arange(6.).reshape(2, 3).double()),
    dict(a=torch.nextafter(weights()['a'], torch.tensor(9.))),
    dict(b=torch.tensor(4)),
    dict(d=torch.zeros(0)),
])
def test_other_weights(changes):
    assert fingerprint_weights({**weights(), **changes}) != \
        fingerprint_weights(weights())


def test_data_in_any_order():
    ids, votes = np.array(['a', 'b']), np.array([[10, 0], [3, 7]])
    mark = fingerprint_data(ids, votes)
    assert fingerprint_data(ids[::-1], votes[::-1]) == mark
    assert fingerprint_data(ids, votes.astype(np.float32)) == mark
    assert fingerprint_data(ids, votes[::-1]) != mark
    assert fingerprint_data(np.array(['a', 'c']), votes) != mark
    assert fingerprint_data(ids[:1], votes[:1]) != mark
    assert fingerprint_data(ids, votes.argmax(1)) != mark


def test_votes_beside_the_labels():
    ids, votes = np.array(['a', 'b']), np.array([[10, 0], [3, 7]])
    labels = votes.argmax(1)
    mark = fingerprint_data(ids, labels, votes)
    assert fingerprint_data(ids[::-1], labels[::-1], votes[::-1]) == mark
    assert fingerprint_data(ids, labels) != mark
    assert fingerprint_data(ids, labels[::-1], votes) != mark
    assert fingerprint_data(ids, labels, votes[::-1]) != mark
