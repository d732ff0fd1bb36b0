"""Hand values of the decomposition, its identities and its refusals."""

import numpy as np
import pytest
import torch
from scipy.special import rel_entr

from uar_mmpretrain.uncertainty import decompose

KINDS = ('entropy', 'variance', 'pairwise_kl')


def members(*rows):
    return np.array([rows], dtype=np.float64)


def random_scores(n=50, m=5, c=8, seed=0):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(c, 0.3), size=(n, m))


def parts(scores, kind='entropy'):
    d = decompose(scores, kind)
    return float(d.total[0]), float(d.aleatoric[0]), float(d.epistemic[0])


@pytest.mark.parametrize('kind, expected', [
    ('entropy', (.693147, .325083, .368064)),
    ('variance', (.5, .18, .32)),
    ('pairwise_kl', (.325083 + .878890, .325083, .878890)),
])
def test_two_opposed_members(kind, expected):
    scores = members((.9, .1), (.1, .9))
    assert parts(scores, kind) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize('kind, expected', [
    ('entropy', (1.088900, .848995, .239905)),
    ('variance', (.66, .50, .16)),
    ('pairwise_kl', (.848995 + .515132, .848995, .515132)),
])
def test_three_members(kind, expected):
    scores = members((.7, .2, .1), (.4, .5, .1), (.1, .2, .7))
    assert parts(scores, kind) == pytest.approx(expected, abs=1e-6)


def test_one_dissenter_in_five():
    scores = members(*[(.9, .05, .05)] * 4, (.05, .9, .05))
    assert parts(scores) == pytest.approx((.712634, .394398, .318236),
                                          abs=1e-6)


def test_same_argmax_still_disagrees():
    scores = members((.8, .1, .1), (.6, .3, .1))
    assert parts(scores)[2] == pytest.approx(.033330, abs=1e-6)


@pytest.mark.parametrize('rows, total, mutual', [
    (((.9, .1), (.7, .3)), .500402, .032429),
    (((.6, .4), (.4, .6)), .693147, .020136),
])
def test_same_spread_in_two_places(rows, total, mutual):
    assert parts(members(*rows)) == pytest.approx(
        (total, total - mutual, mutual), abs=1e-6)
    assert parts(members(*rows), 'variance')[2] == pytest.approx(.02)


@pytest.mark.parametrize('kind', KINDS)
def test_agreement_leaves_no_epistemic_part(kind):
    d = decompose(members((.5, .5), (.5, .5)), kind)
    assert d.epistemic[0] == 0
    assert d.total[0] == d.aleatoric[0]


def test_agreeing_coin_flips_are_ln2():
    assert parts(members((.5, .5), (.5, .5)))[0] == pytest.approx(np.log(2))


def test_epistemic_is_mean_kl_to_the_mean():
    scores = random_scores()
    mean = scores.mean(1, keepdims=True)
    expected = rel_entr(scores, mean).sum(-1).mean(1)
    np.testing.assert_allclose(decompose(scores).epistemic, expected,
                               atol=1e-12)


def test_pairwise_kl_is_the_mean_over_all_ordered_pairs():
    scores = random_scores()
    m = scores.shape[1]
    expected = sum(
        rel_entr(scores[:, a], scores[:, b]).sum(-1)
        for a in range(m) for b in range(m)) / m**2
    np.testing.assert_allclose(
        decompose(scores, 'pairwise_kl').epistemic, expected, rtol=1e-9)


def test_pairwise_kl_is_mutual_plus_reverse_information():
    scores = random_scores()
    mean = scores.mean(1, keepdims=True)
    reverse = rel_entr(mean, scores).sum(-1).mean(1)
    np.testing.assert_allclose(
        decompose(scores, 'pairwise_kl').epistemic,
        decompose(scores).epistemic + reverse, rtol=1e-9)


def test_variance_uses_the_divisor_m():
    scores = random_scores()
    d = decompose(scores, 'variance')
    np.testing.assert_allclose(d.epistemic, scores.var(1, ddof=0).sum(-1),
                               atol=1e-12)
    assert not np.allclose(d.epistemic, scores.var(1, ddof=1).sum(-1))


def test_entropy_bounds():
    d = decompose(random_scores(n=500, m=3, c=8))
    assert (d.epistemic >= -1e-12).all()
    assert (d.epistemic <= np.minimum(d.total, np.log(3)) + 1e-12).all()
    assert (d.total <= np.log(8) + 1e-12).all()


@pytest.mark.parametrize('kind', KINDS)
def test_order_of_members_and_classes_does_not_matter(kind):
    scores = random_scores()
    a = decompose(scores, kind)
    b = decompose(scores[:, ::-1][..., ::-1].copy(), kind)
    np.testing.assert_allclose(a.total, b.total)
    np.testing.assert_allclose(a.epistemic, b.epistemic, atol=1e-12)


def test_hot_temperature_leaves_only_ln_c():
    logits = np.random.default_rng(0).normal(size=(10, 4, 8))
    scores = torch.tensor(logits / 1e6).softmax(-1).numpy()
    d = decompose(scores)
    np.testing.assert_allclose(d.aleatoric, np.log(8), atol=1e-9)
    np.testing.assert_allclose(d.epistemic, 0, atol=1e-9)


def test_one_hot_members_give_no_nan():
    d = decompose(members((1., 0.), (0., 1.)))
    assert parts(members((1., 0.), (0., 1.))) == pytest.approx(
        (np.log(2), 0, np.log(2)))
    assert np.isfinite(d.total).all()


def test_pairwise_kl_with_disjoint_members_is_infinite():
    assert parts(members((1., 0.), (0., 1.)), 'pairwise_kl')[2] == np.inf
    assert parts(members((1., 0.), (1., 0.)), 'pairwise_kl')[2] == 0


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_half_precision_is_promoted(dtype):
    scores = torch.tensor(random_scores(), dtype=torch.float32)
    d = decompose(scores.to(dtype))
    assert d.total.dtype == torch.float32
    assert torch.allclose(d.total, decompose(scores).total, atol=.05)


def test_type_in_is_type_out():
    scores = random_scores().astype(np.float32)
    from_array, from_tensor = decompose(scores), decompose(
        torch.from_numpy(scores))
    assert isinstance(from_array.total, np.ndarray)
    assert isinstance(from_tensor.total, torch.Tensor)
    np.testing.assert_array_equal(from_array.epistemic,
                                  from_tensor.epistemic.numpy())


def test_one_member_has_no_epistemic_part():
    d = decompose(random_scores(m=1))
    assert not d.has_epistemic
    np.testing.assert_allclose(d.total, d.aleatoric)
    with pytest.raises(ValueError, match='at least two members'):
        _ = d.epistemic


@pytest.mark.parametrize('scores, error, message', [
    (np.ones((4, 8)) / 8, ValueError, r'shape \(4, 8\); expected \(N, M, C\)'),
    (np.ones((1, 2, 2), dtype=int), TypeError, 'dtype'),
    ([[[.5, .5]]], TypeError, 'list'),
    (np.array([[[2., -1.]]]), ValueError, r'\[0, 0\].*not a probability'),
    (np.array([[[.5, .5], [np.nan, 1.]]]), ValueError, r'\[0, 1\]'),
    (np.array([[[3., 1.]]]), ValueError, 'softmax outputs, not logits'),
])
def test_refuses_what_is_no_member_score(scores, error, message):
    with pytest.raises(error, match=message):
        decompose(scores)


def test_unknown_kind_lists_the_known():
    with pytest.raises(ValueError, match='entropy, variance, pairwise_kl'):
        decompose(random_scores(), 'bregman')
