"""Gaussian classes with one covariance, against scikit-learn and by hand."""

import numpy as np
import pytest
import torch
from sklearn.covariance import OAS, LedoitWolf

from uar_mmpretrain.uncertainty.channels import SharedCovarianceGaussian

RNG = np.random.default_rng(4)


def tensor(x):
    return torch.from_numpy(np.asarray(x, dtype=np.float32))


def fitted(x, labels=None, **kwargs):
    gaussian = SharedCovarianceGaussian(labels is not None, **kwargs)
    gaussian.fit(tensor(x), None if labels is None else torch.tensor(labels))
    return gaussian


@pytest.mark.parametrize('shrinkage, oracle', [('ledoit_wolf', LedoitWolf),
                                               ('oas', OAS)])
def test_equals_scikit_learn(shrinkage, oracle):
    mixing = RNG.normal(size=(6, 6))
    x, new = RNG.normal(size=(80, 6)) @ mixing, RNG.normal(size=(9, 6))
    gaussian = fitted(x, shrinkage=shrinkage)
    mean, std = x.mean(0), x.std(0)
    expected = oracle().fit((x - mean) / std).mahalanobis((new - mean) / std)
    np.testing.assert_allclose(
        gaussian.distance(tensor(new)), expected / 6, rtol=1e-4)


def test_nearest_class_by_hand():
    # Two classes with means 0 and 10 and within-class variance 1.
    x = np.repeat([-1., 1., 9., 11.], 500)[:, None]
    gaussian = fitted(x, [0] * 1000 + [1] * 1000)
    # The shrinkage of one dimension is none at all.
    np.testing.assert_allclose(
        gaussian.distance(tensor([[0.], [3.], [10.], [13.]])),
        [0, 9, 0, 9], atol=1e-4)


def test_about_one_in_distribution_and_grows_with_distance():
    x = RNG.normal(size=(2000, 8))
    gaussian = fitted(x)
    assert gaussian.distance(tensor(x)).mean() == pytest.approx(1, abs=0.02)
    ray = np.linspace(0, 20, 30)[:, None] * np.eye(1, 8)
    assert (np.diff(gaussian.distance(tensor(ray)).numpy()) > 0).all()


def test_blind_to_the_units_of_the_features():
    x = RNG.normal(size=(100, 4)) @ RNG.normal(size=(4, 4))
    new = RNG.normal(size=(7, 4))
    scale, shift = np.array([1e-3, 1, 50, 1e3]), np.array([0, 5, -2, 30])
    np.testing.assert_allclose(
        fitted(x * scale + shift).distance(tensor(new * scale + shift)),
        fitted(x).distance(tensor(new)), rtol=2e-3)


def test_finite_with_fewer_images_than_dimensions():
    x = RNG.normal(size=(12, 40))
    # Class 2 has a single image, class 1 none at all; one feature is dead.
    x[:, 7] = 0.25
    gaussian = fitted(x, [0] * 11 + [2])
    near, far = gaussian.distance(tensor(np.stack([x[0], x[0] + 5])))
    assert np.isfinite(float(far)) and far > near >= 0
    assert gaussian.means.shape == (2, 40)


@pytest.mark.parametrize('x, labels, message', [
    (np.ones((1, 3)), None, 'at least two images'),
    (np.array([[0., 1.], [np.nan, 2.]]), None, '1 of them not finite'),
])
def test_bad_features(x, labels, message):
    with pytest.raises(ValueError, match=message):
        fitted(x, labels)


def test_bad_arguments():
    with pytest.raises(ValueError, match="'none'; expected one of ledoit"):
        SharedCovarianceGaussian(shrinkage='none')
    with pytest.raises(ValueError, match='carry no gt_label'):
        SharedCovarianceGaussian(class_means=True).fit(torch.rand(5, 2), None)
