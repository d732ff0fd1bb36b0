"""Distances in a layer: their definitions, and what they are fitted on."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize

from uar_mmpretrain.uncertainty.channels import (
    Evidence,
    FeatureDensity,
    NearestNeighbours,
    RelativeMahalanobis,
    SharedCovarianceGaussian,
)

ALL = [
    lambda: FeatureDensity(['layer']),
    lambda: FeatureDensity(['layer'], class_means=True),
    lambda: RelativeMahalanobis(['layer']),
    lambda: NearestNeighbours(['layer'], k=3),
]


class NeverRead(Evidence):
    """Evidence that must not be looked at."""

    def layer(self, name):
        raise AssertionError('a channel read images it is not fitted on')


@pytest.mark.parametrize('make', ALL)
def test_fitted_on_training_images_only(make, evidence):
    train, channel = evidence(), make()
    hidden = evidence(seed=9)
    channel.fit(train, NeverRead(hidden.logits, hidden.features))
    assert channel.score(hidden).shape == (400, )


@pytest.mark.parametrize('make', ALL)
def test_mean_over_members_and_layers(make, evidence):
    train, new = evidence(), evidence(n=20, seed=1)
    both = make()
    both.fit(train, train)
    singles = []
    for m in range(2):
        channel = make()
        only = Evidence(train.logits, {'layer': [train.features['layer'][m]]},
                        train.labels)
        channel.fit(only, only)
        singles.append(channel.score(
            Evidence(new.logits, {'layer': [new.features['layer'][m]]})))
    torch.testing.assert_close(both.score(new), sum(singles) / 2)


def test_layers_of_any_width_count_the_same():
    generator = torch.Generator().manual_seed(5)
    features = {'narrow': [torch.randn(300, 2, generator=generator)],
                'wide': [torch.randn(300, 30, generator=generator)]}
    data = Evidence(torch.zeros(300, 1, 2), features)
    scores = {}
    for layers in (['narrow'], ['wide'], ['narrow', 'wide']):
        channel = FeatureDensity(layers)
        channel.fit(data, data)
        scores[len(scores)] = channel.score(data)
    torch.testing.assert_close(scores[2], (scores[0] + scores[1]) / 2)
    assert scores[0].mean().item() == pytest.approx(
        scores[1].mean().item(), abs=0.05)


@pytest.mark.parametrize('make', [ALL[0], ALL[1]])
def test_score_grows_with_distance(make, evidence):
    channel = make()
    channel.fit(evidence(), evidence())
    means = [channel.score(evidence(shift=shift, seed=2)).mean().item()
             for shift in (0, 1, 3, 9, 27)]
    assert (np.diff(means) > 0).all()


def test_relative_mahalanobis_by_its_definition(evidence):
    train, new = evidence(members=1), evidence(members=1, seed=3)
    channel = RelativeMahalanobis(['layer'])
    channel.fit(train, train)
    parts = []
    for class_means in (True, False):
        gaussian = SharedCovarianceGaussian(class_means)
        gaussian.fit(train.features['layer'][0], train.labels)
        parts.append(gaussian.distance(new.features['layer'][0]))
    torch.testing.assert_close(channel.score(new), parts[0] - parts[1])
    # Between the classes is unusual for each class, not for all together.
    middle = torch.full((1, 5), 1.)
    seen = train.features['layer'][0][:1]
    scores = channel.score(
        Evidence(new.logits[:2], {'layer': [torch.cat([middle, seen])]}))
    assert scores[0] > scores[1]


def test_knn_equals_brute_force(evidence):
    train, new = evidence(members=1), evidence(n=30, members=1, seed=3)
    channel = NearestNeighbours(['layer'], k=7)
    channel.fit(train, train)
    x, y = (normalize(e.features['layer'][0].numpy()) for e in (train, new))
    distances, _ = NearestNeighbors(
        n_neighbors=7, algorithm='brute').fit(x).kneighbors(y)
    np.testing.assert_allclose(channel.score(new), distances[:, -1],
                               atol=2e-3)


@pytest.mark.parametrize('make', ALL)
def test_state_restores_the_scores(make, evidence):
    fitted, restored = make(), make()
    fitted.fit(evidence(), evidence())
    restored.load_fitted(fitted.fitted_state())
    new = evidence(seed=8)
    assert torch.equal(restored.score(new), fitted.score(new))
    # Nothing of it is in a checkpoint of the network.
    assert fitted.state_dict() == {}


def test_a_state_of_other_layers_is_refused(evidence):
    channel = FeatureDensity(['layer'])
    channel.fit(evidence(), evidence())
    with pytest.raises(ValueError, match='fitted on 1 layers'):
        FeatureDensity(['layer', 'other']).load_fitted(channel.fitted_state())
    with pytest.raises(KeyError, match="no fitted tensor 'distances.0.0.loc"):
        NearestNeighbours(['layer']).load_fitted(channel.fitted_state())


def test_what_is_missing_is_named(evidence):
    with pytest.raises(KeyError, match="no features of 'layer4'"):
        FeatureDensity(['layer4']).fit(evidence(), evidence())
    with pytest.raises(ValueError, match='expected a list of module names'):
        FeatureDensity('layer4')
    with pytest.raises(ValueError, match='k is 0'):
        NearestNeighbours(['layer'], k=0)
    with pytest.raises(ValueError, match='k=500 neighbours of 400'):
        NearestNeighbours(['layer'], k=500).fit(evidence(), evidence())
