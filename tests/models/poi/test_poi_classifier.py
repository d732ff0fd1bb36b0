"""A classifier, its teacher, and who learns from whom."""

import math

import pytest
import torch
from mmpretrain.registry import MODELS
from torch.nn.functional import cross_entropy

from uar_mmpretrain.datasets.synthetic import ACTION_UNITS
from uar_mmpretrain.models import EnsembleClsHead
from uar_mmpretrain.models.poi import aggregate, prior_network

LABELS = [0, 2, 1, 1]


@pytest.fixture
def images():
    return torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def aus():
    return torch.rand(4, len(ACTION_UNITS),
                      generator=torch.Generator().manual_seed(1))


def has_gradient(module):
    return any(p.grad is not None and p.grad.any()
               for p in module.parameters())


def student_of(model):
    return torch.nn.ModuleList([model.backbone, model.head])


def test_losses(build, samples, images, aus, progress):
    losses = build().loss(images, samples(LABELS, aus))
    assert losses.keys() == {
        'loss_prior', 'loss_mutual', 'loss_label', 'loss_target', 'loss_rank',
        'loss_confidence', 'confidence'}
    assert all(torch.isfinite(loss) for loss in losses.values())
    assert all(losses[key] > 0 for key in losses if key != 'loss_rank')


def test_predictions_need_no_teacher(build, samples, images):
    model = build().eval()
    with torch.no_grad():
        before = model.predict(images)
        model.pin = model.confidence = None
        after = model.predict(images, samples(LABELS))
    for one, other in zip(before, after):
        assert torch.equal(one.pred_score, other.pred_score)
        assert torch.equal(one.member_scores, other.member_scores)
        assert one.member_scores.shape == (1, 3)
        assert one.aleatoric == other.aleatoric


def test_a_plain_classifier_loads_the_checkpoint(build, images):
    model = build().eval()
    plain = MODELS.build(dict(
        type='ImageClassifier',
        backbone=dict(type='ToyBackbone', flat=True),
        head=dict(type='EnsembleClsHead', num_classes=3, in_channels=256)))
    found = plain.load_state_dict(model.state_dict(), strict=False)
    assert not found.missing_keys
    assert {key.split('.')[0] for key in found.unexpected_keys} == {
        'pin', 'confidence'}
    with torch.no_grad():
        assert torch.equal(plain.eval()(images), model(images))


@pytest.mark.parametrize('loss', ['loss_target', 'loss_rank',
                                  'loss_confidence'])
def test_the_teacher_learns_nothing_from_the_student(
        build, samples, images, aus, progress, loss):
    model = build(rank_loss=dict(margin=1.))
    student_of(model).requires_grad_(loss != 'loss_target')
    losses = model.loss(images, samples(LABELS, aus))
    if losses[loss].requires_grad:
        losses[loss].backward()
    assert not has_gradient(model.pin)


@pytest.mark.parametrize('loss', ['loss_prior', 'loss_mutual', 'loss_label'])
def test_the_student_learns_from_targets_only(
        build, samples, images, aus, progress, loss):
    model = build()
    model.loss(images, samples(LABELS, aus))[loss].backward()
    assert has_gradient(model.pin)
    assert not has_gradient(student_of(model))
    assert not has_gradient(model.confidence)


def test_the_target_trains_the_classifier_and_not_the_confidence(
        build, samples, images, aus, progress):
    model = build()
    model.loss(images, samples(LABELS, aus))['loss_target'].backward()
    assert has_gradient(model.head) and has_gradient(model.backbone)
    assert not has_gradient(model.confidence)


def test_agreement_with_the_teacher_raises_confidence(
        build, samples, images, progress):
    model = build()
    with torch.no_grad():
        said = aggregate(model.pin(images))[0].argmax(1)

    def slope(labels):
        model.zero_grad()
        model.loss(images, samples(labels))['loss_confidence'].backward()
        assert not has_gradient(model.head)
        return model.confidence.fc.bias.grad.item()

    # A step goes against the slope.
    assert slope(said) < 0 < slope((said + 1) % 3)


def test_without_action_units_it_trains_on(build, samples, images, progress,
                                           monkeypatch):
    told = []
    monkeypatch.setattr(prior_network, 'print_log',
                        lambda message, **_: told.append(message))
    model = build()
    unknown = torch.full((4, len(ACTION_UNITS)), torch.nan)
    for batch in (samples(LABELS), samples(LABELS, unknown)):
        losses = model.loss(images, batch)
        assert losses['loss_prior'] == 0
        sum(losses.values()).backward()
        assert all(p.grad is None or p.grad.isfinite().all()
                   for p in model.parameters())
    assert len(told) == 1 and 'without the prior' in told[0]


def test_without_a_weight_of_the_prior_action_units_have_no_say(
        build, samples, images, aus, progress):
    def gradients(model, batch):
        model.loss(images, batch)['loss_prior'].backward()
        return sum(p.grad.abs().sum().item() for p in model.pin.parameters()
                   if p.grad is not None)

    pin = dict(backbone=dict(type='ToyBackbone'), in_channels=64,
               classes=('happiness', 'sadness', 'surprise'))
    batch = samples(LABELS, aus)
    assert gradients(build(pin=pin), batch) > 0
    assert gradients(build(pin=dict(pin, prior_weight=0.)), batch) == 0
    half, whole = (
        build(pin=dict(pin, prior_weight=weight)).loss(images, batch)
        for weight in (.5, 1.))
    assert half['loss_prior'].item() == pytest.approx(
        .5 * whole['loss_prior'].item())
    assert half['loss_mutual'] == whole['loss_mutual']


def test_the_log_tells_trust_in_right_labels_from_that_in_wrong_ones(
        build, samples, images, progress, monkeypatch):
    model, batch = build(), samples(LABELS)
    for sample, wrong in zip(batch, (False, True, True, False)):
        sample.set_metainfo(dict(label_is_wrong=wrong))
    monkeypatch.setattr(model.confidence, 'forward',
                        lambda _: torch.tensor([.9, .2, .4, .5]))
    losses = model.loss(images, batch)
    assert losses['confidence'].item() == pytest.approx(.5)
    assert losses['confidence_right'].item() == pytest.approx(.7)
    assert losses['confidence_wrong'].item() == pytest.approx(.3)


def test_the_prior_speaks_for_images_with_action_units(
        build, samples, images, aus, progress):
    model = build()
    batch = samples(LABELS, aus)
    del batch[1].aus
    batch[2].aus[:] = torch.nan
    some = model.loss(images, batch)['loss_prior']
    two = [0, 3]
    only = model.loss(images[two], [batch[i] for i in two])['loss_prior']
    assert some.item() == pytest.approx(only.item(), rel=1e-5)


def test_votes_are_not_used(build, samples, images, progress):
    model = build()
    soft = samples(LABELS)
    for sample in soft:
        # as many for each class; the label says which of them
        sample.set_gt_score(torch.full((3, ), 1 / 3))
    for key, loss in model.loss(images, samples(LABELS)).items():
        assert model.loss(images, soft)[key] == loss
    for sample in soft:
        del sample.gt_score
    assert model.loss(images, soft)['loss_label'] > 0


def test_the_label_loss_is_cross_entropy_of_all_opinions(
        build, samples, images, progress):
    model = build()
    with torch.no_grad():
        logits = model.pin(images)
        loss = model.loss(images, samples(LABELS))['loss_label']
    assert logits.shape == (4, 4, 3)
    labels = torch.tensor(LABELS)
    each = [cross_entropy(logits[:, r], labels) for r in range(4)]
    assert loss.item() == pytest.approx(.5 * sum(each).item() / 4, rel=1e-5)


def test_losses_change_in_the_course_of_a_training(
        build, samples, images, aus, progress):
    model = build(rank_loss=dict(margin=1.))
    found = {}
    for share in (0., 1.):
        progress(share)
        found[share] = model.loss(images, samples(LABELS, aus))
    ratio = {key: (found[0.][key] / found[1.][key]).item()
             for key in found[0.]}
    assert ratio.pop('loss_prior') == pytest.approx(1 / .3, rel=1e-5)
    for key in ('loss_target', 'loss_rank', 'loss_confidence'):
        assert ratio.pop(key) == pytest.approx(math.exp(-5), rel=1e-5)
    assert set(ratio.values()) == {1.}


def test_tokens_of_a_transformer(samples, progress):
    vit = dict(type='DINOv2', img_size=8, patch_size=4, out_type='raw',
               arch=dict(embed_dims=12, num_layers=2, num_heads=2,
                         feedforward_channels=12))
    model = MODELS.build(dict(
        type='POIClassifier', backbone=vit,
        head=dict(type='EnsembleClsHead', num_classes=7, in_channels=12,
                  with_patch_mean=True),
        pin=dict(backbone=vit, in_channels=12),
        confidence=dict(in_channels=24)))
    images = torch.randn(4, 3, 8, 8)
    batch = samples(LABELS)
    for sample in batch:
        del sample.gt_score
    sum(model.loss(images, batch).values()).backward()
    assert has_gradient(model.pin.backbone)
    for name in ('backbone.layers.0.ffn.x', 'backbone.pos_embed'):
        assert model.get_layer_depth(name) == model.get_layer_depth(
            f'pin.{name}') != model.get_layer_depth('pin.fcs.0.weight')
    assert model.get_layer_depth('pin.fcs.0.weight') == (3, 4)


def test_several_members_are_refused(build):
    head = EnsembleClsHead(3, 256, num_members=2)
    with pytest.raises(ValueError, match='num_members=2'):
        build(head=head)


def test_half_precision(build, samples, images, aus, progress):
    """Networks may round; the prior, targets and losses do not."""
    model = build()
    full = model.loss(images, samples(LABELS, aus))
    with torch.autocast('cpu', dtype=torch.bfloat16):
        half = model.loss(images, samples(LABELS, aus))
        prior = model.pin.prior(aus)
    assert torch.equal(prior, model.pin.prior(aus))
    for key, loss in half.items():
        assert loss.dtype == torch.float32
        assert loss.item() == pytest.approx(full[key].item(), abs=.02)
