"""Channels of an ensemble: beside the decomposition, never in its way."""

import pytest
import torch
from mmpretrain.structures import DataSample

from uar_mmpretrain.models import EnsembleClassifier, MemberScoreTTA
from uar_mmpretrain.uncertainty.channels import Evidence

GENERATOR = torch.Generator().manual_seed(7)
IMAGES = torch.randn(40, 3, 16, 16, generator=GENERATOR)
CHANNELS = [
    dict(type='LogitVariance'),
    dict(type='FeatureDensity', layers=['input.gradients',
                                        'backbone.layer1']),
    dict(type='FisherCombination', inputs=['logit_variance', 'density']),
]
FIELDS = ('pred_score', 'member_scores', 'total', 'aleatoric', 'epistemic')


def build(member, channels, seed=3, **kwargs):
    torch.manual_seed(seed)
    model = EnsembleClassifier([member] * 2, channels=channels, **kwargs)
    model.init_weights()
    return model.eval()


@torch.no_grad()
def fit(model, images=IMAGES):
    model.channels.fit(model.evidence(images), model.evidence(images))
    return model


@torch.no_grad()
def predict(model, images=IMAGES):
    return model.predict(images, [DataSample() for _ in images])


def test_the_decomposition_is_untouched(member):
    plain = predict(build(member['resnet'](), []))
    model = build(member['resnet'](), CHANNELS)
    unfitted = predict(model)
    fitted = predict(fit(model))
    for one, two, three in zip(plain, unfitted, fitted):
        for field in FIELDS:
            expected = torch.as_tensor(one.get(field))
            assert torch.equal(torch.as_tensor(two.get(field)), expected)
            assert torch.equal(torch.as_tensor(three.get(field)), expected)
        assert 'channels' not in one and 'channels' not in two
        assert list(three.channels) == ['logit_variance', 'density', 'fisher']
        assert all(type(v) is float for v in three.channels.values())


def test_shifted_images_score_higher(member):
    model = fit(build(member['resnet'](), CHANNELS))
    scores = [[s.channels['density'] for s in predict(model, images)]
              for images in (IMAGES, 0.2 * IMAGES, 3 * IMAGES)]
    clean, flat, loud = (sum(s) / len(s) for s in scores)
    assert min(flat, loud) > 3 * clean


def test_vision_transformers_by_block(member):
    channels = [dict(type='FeatureDensity',
                     layers=['backbone.layers.0', 'backbone.layers.1'])]
    images = IMAGES[..., :14, :14]
    model = fit(build(member['dinov2'](), channels), images)
    clean, far = (torch.tensor([s.channels['density'] for s in
                                predict(model, one)])
                  for one in (images, 4 * images))
    assert far.mean() > 2 * clean.mean()


def test_the_checkpoint_is_the_same_with_and_without(member):
    model = fit(build(member['resnet'](), CHANNELS))
    plain = build(member['resnet'](), [])
    assert model.state_dict().keys() == plain.state_dict().keys()
    plain.load_state_dict(model.state_dict())


def test_fitted_tensors_move_with_the_model(member):
    model = fit(build(member['resnet'](), CHANNELS))
    assert {b.dtype for b in model.double().channels.buffers()} == {
        torch.float64}


def test_batched_members_cannot_be_looked_into(member):
    with pytest.raises(ValueError, match='channels look into each member'):
        build(member['resnet'](), CHANNELS, batched=True)
    with pytest.raises(ValueError, match='which a compiled one does not'):
        build(member['resnet'](), CHANNELS, compile=True)


def test_an_unknown_layer_is_named_at_once(member):
    with pytest.raises(ValueError, match="no 'layer7' in backbone"):
        build(member['resnet'](), [dict(type='FeatureDensity',
                                        layers=['backbone.layer7'])])


def test_evidence_is_what_ran(member):
    model = build(member['resnet'](), CHANNELS)
    with torch.no_grad():
        evidence = model.evidence(IMAGES)
        assert torch.equal(evidence.logits, model(IMAGES))
    assert isinstance(evidence, Evidence) and len(evidence) == 40
    assert set(evidence.features) == {'input.gradients', 'backbone.layer1'}


def test_augmented_views_are_averaged(member):
    model = MemberScoreTTA(module=dict(
        type='mmpretrain.EnsembleClassifier', members=[member['resnet']()]))
    views = []
    for score in (1., 4.):
        view = DataSample()
        view.set_field(torch.full((1, 3), 1 / 3), 'member_scores')
        view.set_field(dict(density=score), 'channels')
        views.append(view)
    [merged] = model.merge_preds([views])
    assert merged.channels == dict(density=2.5)
