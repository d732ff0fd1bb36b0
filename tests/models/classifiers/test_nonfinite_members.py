"""A member that gives no numbers, in every way that members run."""

import logging
from itertools import product

import pytest
import torch
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import nn

from uar_mmpretrain.models import MemberScoreTTA, nonfinite
from uar_mmpretrain.models.channels import set_channels

IMAGES = torch.randn(3, 3, 14, 14, generator=torch.Generator().manual_seed(7))
BAD = float('nan'), float('inf'), -float('inf')


def build(config, **kwargs):
    torch.manual_seed(3)
    model = MODELS.build(dict(config, **kwargs))
    model.init_weights()
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=.3)
    return model.eval()


def ensemble(member, number=3, **kwargs):
    return build(dict(type='EnsembleClassifier',
                      members=[member['resnet']()] * number), **kwargs)


def samples(number=3):
    return [DataSample(metainfo=dict(image_id=f'{i}.png'))
            for i in range(number)]


@torch.no_grad()
def predict(model, images=IMAGES):
    return model.predict(images, samples(len(images)))


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def spoil(model, value):
    """Give member 1 a bias that is not a number."""
    model.members[1].head.fcs[0].bias.data[2] = value


# What torch.compile makes of a member gives its numbers, or its NaN.
WAYS = [dict(), dict(batched=True), dict(compile=dict(disable=True))]


def test_the_member_is_named_however_it_runs(member, two_threads):
    for way, value in product(WAYS, BAD):
        model = ensemble(member, **way)
        spoil(model, value)
        with pytest.raises(ValueError, match='member 1 of 3 gave outputs '
                           r"that are not finite for 3 of 3.*'0.png'"):
            predict(model)


def test_without_it_the_ensemble_is_that_of_the_others(member):
    model = ensemble(member, on_nonfinite='exclude')
    others = ensemble(member, 2)
    for m, source in enumerate((0, 2)):
        others.members[m].load_state_dict(model.members[source].state_dict())
    spoil(model, BAD[0])
    for found, expected in zip(predict(model), predict(others)):
        assert found.excluded_members == [1]
        torch.testing.assert_close(found.pred_score, expected.pred_score)
        assert found.epistemic == pytest.approx(expected.epistemic)
        assert expected.epistemic > 1e-3


def test_the_log_says_so_in_the_same_words_each_time(member, monkeypatch):
    said = []
    monkeypatch.setattr(nonfinite, 'print_log', lambda *args: said.append(
        args))
    model = ensemble(member, on_nonfinite='exclude')
    spoil(model, BAD[1])
    predict(model)
    predict(model, IMAGES[:1])
    # mmengine's loggers show a warning once.
    assert said == [(
        'member 1 gave outputs that are not finite; it is left out '
        "(on_nonfinite='exclude')", 'current', logging.WARNING)] * 2


def test_an_image_that_breaks_all_members(member):
    images = IMAGES.clone()
    images[1] = BAD[0]
    for policy in ('error', 'exclude'):
        with pytest.raises(ValueError, match='member 0 of 3 .*1 of 3 images '
                           r"\(first: '1.png'\).*member 2 of 3"):
            predict(ensemble(member, on_nonfinite=policy), images)


def test_a_head_of_several_members_and_stochastic_passes(member):
    head = build(member['resnet'](members=3))
    head.head.fcs[1].weight.data[0, 0] = BAD[0]
    with pytest.raises(ValueError, match='member 1 of 3'):
        predict(head)
    passes = build(member['resnet'](), type='MCClassifier', num_passes=2,
                   stochastic_layers=[dict(type='Dropout', p=.3,
                                           modules='head.fcs.0')])
    passes.head.fcs[0].bias.data[0] = BAD[0]
    with pytest.raises(ValueError, match='member 0 of 2.*member 1 of 2'):
        predict(passes)


def test_augmented_views_keep_what_was_left_out(member):
    model = MemberScoreTTA(ensemble(member, on_nonfinite='exclude'))
    spoil(model.module, BAD[0])
    images = torch.randint(0, 256, (2, 3, 14, 14), dtype=torch.uint8)
    with torch.no_grad():
        found = model.test_step(dict(
            inputs=[list(images), list(images.flip(-1))],
            data_samples=[samples(2), samples(2)]))
    assert [one.excluded_members for one in found] == [[1], [1]]
    assert all(one.pred_score.isfinite().all() for one in found)


def test_options(member):
    with pytest.raises(ValueError, match="on_nonfinite='mean'"):
        ensemble(member, on_nonfinite='mean')
    with pytest.raises(ValueError, match='fitted with all members'):
        ensemble(member, on_nonfinite='exclude',
                 channels=[dict(type='LogitVariance')])


def test_a_channel_that_is_not_finite_is_named():
    with pytest.raises(ValueError, match="channel 'density' is not finite "
                       r"for 1 of 3 images \(first: '2.png'\)"):
        set_channels(samples(), dict(
            vacuity=torch.ones(3), density=torch.tensor([1., 2., BAD[1]])))


def test_the_largest_logits_of_half_precision_under_autocast(member):
    model = ensemble(member, 2)
    for m, head in enumerate(one.head.fcs[0] for one in model.members):
        head.weight.data.zero_()
        # Beyond float16 only in their difference.
        head.bias.data[:] = torch.tensor([65504., -65504., 0.]).roll(m)
    with torch.autocast('cpu', torch.bfloat16):
        found = predict(model)[0]
    torch.testing.assert_close(found.pred_score, torch.tensor([.5, .5, 0.]))
    assert found.member_scores.dtype == torch.float32
    assert found.total == pytest.approx(.693147, abs=1e-6)
    assert found.aleatoric == pytest.approx(0, abs=1e-6)
    assert found.epistemic == pytest.approx(.693147, abs=1e-6)
