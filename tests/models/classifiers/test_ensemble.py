"""M networks behind one classifier: the same numbers, however they run."""

import re

import pytest
import torch
import torch.nn.functional as F
from mmengine.registry import DefaultScope
from mmengine.runner import load_checkpoint
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from uar_mmpretrain.models import EnsembleClassifier

IMAGES = torch.randn(4, 3, 14, 14, generator=torch.Generator().manual_seed(7))


def build(*members, **kwargs):
    """An ensemble in test mode, its batch norms and weights in use."""
    torch.manual_seed(3)
    model = EnsembleClassifier(list(members), **kwargs)
    model.init_weights()
    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            torch.nn.init.normal_(module.weight, std=0.3)
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(std=0.3)
            module.running_var.uniform_(0.5, 2.)
    return model.eval()


def samples(n=4, classes=3):
    scores = torch.rand(n, classes, generator=torch.Generator().manual_seed(1))
    return [
        DataSample(metainfo=dict(image_id=str(i))).set_gt_score(s / s.sum())
        for i, s in enumerate(scores)
    ]


def looped(model):
    """Member logits from the members one by one."""
    with torch.no_grad():
        logits = [m(IMAGES, mode='tensor') for m in model.members]
    return torch.cat([z.reshape(len(z), -1, 3) for z in logits], dim=1)


def members_and_number(member):
    return [([member['resnet']()] * 3, 3), ([member['dinov2']()] * 3, 3),
            ([member['linear']()] * 2, 2), ([member['double']()] * 2, 4)]


def test_logits_of_every_kind_of_member(member):
    mixed = [member['resnet'](), member['dinov2'](), member['linear'](),
             member['double'](), member['resnet'](width=8)]
    for members, number in [*members_and_number(member), (mixed, 6)]:
        model = build(*members)
        with torch.no_grad():
            logits = model(IMAGES)
        assert logits.shape == (4, number, 3)
        assert torch.equal(logits, looped(model))
        # Equal configs, different members.
        assert logits.std(1).min() > 1e-3


def test_the_prediction_is_the_mean_of_the_members_softmax(member):
    model = build(member['resnet'](), member['dinov2'](), member['linear']())
    out = model(IMAGES, samples(), mode='predict')
    scores = looped(model).softmax(-1)
    for i, sample in enumerate(out):
        torch.testing.assert_close(sample.member_scores, scores[i])
        torch.testing.assert_close(sample.pred_score, scores[i].mean(0))
        assert sample.pred_label.item() == scores[i].mean(0).argmax()
        assert sample.image_id == str(i)
        entropy = torch.special.entr(sample.pred_score).sum().item()
        assert sample.total == pytest.approx(entropy, abs=1e-5)
        assert sample.aleatoric + sample.epistemic == pytest.approx(
            sample.total, abs=1e-6)
    # Not the softmax of the mean logits.
    assert (looped(model).mean(1).softmax(-1) -
            scores.mean(1)).abs().max() > 1e-3


def test_kind_and_samples_made_where_none_are_given(member):
    model = build(*[member['resnet']()] * 2, kind='variance')
    sample = model.predict(IMAGES)[0]
    mean = sample.pred_score
    assert sample.total == pytest.approx((mean * (1 - mean)).sum().item(),
                                         abs=1e-6)


def test_test_step_normalises_once(member):
    plain = build(*[member['resnet']()] * 2)
    model = build(*[member['resnet']()] * 2, data_preprocessor=dict(
        mean=[100.] * 3, std=[50.] * 3, to_rgb=True))
    images = [torch.randint(0, 256, (3, 14, 14), dtype=torch.uint8)
              for _ in range(2)]
    data = dict(inputs=images, data_samples=samples(2))
    found = torch.stack([s.pred_score for s in model.test_step(data)])
    prepared = (torch.stack(images).flip(1).float() - 100) / 50
    expected = torch.stack([s.pred_score for s in plain.predict(prepared)])
    torch.testing.assert_close(found, expected)


def test_the_members_own_preprocessor_is_used(member):
    own = dict(mean=[100.] * 3, std=[50.] * 3)
    config = dict(member['resnet'](), data_preprocessor=own)
    model = EnsembleClassifier([config, config])
    assert model.data_preprocessor.mean.flatten().tolist() == [100.] * 3
    EnsembleClassifier([config], data_preprocessor=dict(
        own, type='ClsDataPreprocessor'))
    for given in (None, dict(own, to_rgb=True)):
        others = [config, dict(config, data_preprocessor=dict(
            mean=[1.] * 3, std=[50.] * 3))]
        with pytest.raises(ValueError, match='a member has data_preproc.*All '
                           'members see the same images'):
            EnsembleClassifier(others, data_preprocessor=given)


@torch.no_grad()
def test_batched_members_give_the_same_numbers(member):
    for members, number in members_and_number(member):
        model = build(*members, batched=True)
        batched = model(IMAGES)
        assert batched.shape == (4, number, 3)
        torch.testing.assert_close(batched, looped(model), rtol=0, atol=1e-5)


def assert_fresh(model, before):
    with torch.no_grad():
        now = model(IMAGES)
    torch.testing.assert_close(now, looped(model), rtol=0, atol=1e-5)
    assert (now - before).abs().max() > 1e-3


def test_batched_members_follow_training(member):
    model = build(*[member['resnet']()] * 2, batched=True)
    with torch.no_grad():
        before = model(IMAGES)
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    # In training each batch norm keeps statistics: not batched.
    for norm in (m.backbone.norm1 for m in model.members):
        norm.momentum = None
        norm.reset_running_stats()
    model(IMAGES)
    assert all(m.backbone.norm1.num_batches_tracked == 1
               for m in model.members)
    sum(model(IMAGES, samples(), mode='loss').values()).backward()
    optimizer.step()
    assert_fresh(model.eval(), before)


def test_batched_members_follow_loading_and_casting(member, tmp_path):
    model = build(*[member['resnet']()] * 2, batched=True)
    with torch.no_grad():
        before = model(IMAGES)
    state = {name: weight * 1.02 if weight.is_floating_point() else weight
             for name, weight in model.state_dict().items()}
    model.load_state_dict(state)
    assert_fresh(model, before)
    with torch.no_grad():
        assert model.double()(IMAGES.double()).dtype == torch.float64


def test_batched_members_must_be_alike(member):
    # More layers would be left out, other head counts go unnoticed.
    for other in (dict(num_layers=3), dict(num_heads=3)):
        members = [member['dinov2'](), member['dinov2'](**other)]
        build(*members)
        with pytest.raises(ValueError, match='member configs differ.*batched='
                           'False'):
            build(*members, batched=True)


def test_random_members_are_not_batched(member):
    random = dict(member['resnet'](), type='MCClassifier', num_passes=2,
                  stochastic_layers=[dict(type='Dropout', p=.5,
                                          modules='head.fcs.0')])
    with torch.no_grad():
        model = build(random, random, batched='auto')
        assert model(IMAGES).shape == (4, 4, 3)
        assert torch.equal(model(IMAGES), looped(model))
    with pytest.raises(ValueError, match='members draw random numbers'):
        build(random, random, batched=True)


@pytest.mark.parametrize('batched', ['always', 1])
def test_how_to_run_is_checked(member, batched):
    with pytest.raises(ValueError, match=f'batched={batched!r}; expected '
                       "True, False or 'auto'"):
        build(member['resnet'](), batched=batched)


def test_compiled_members_give_the_same_numbers(member):
    options = dict(backend='eager', fullgraph=True)
    model = build(*[member['resnet']()] * 2, compile=options)
    samples = model.predict(IMAGES)
    scores = torch.stack([sample.member_scores for sample in samples])
    torch.testing.assert_close(
        scores, torch.stack([m.forward(IMAGES) for m in model.members],
                            dim=1)[:, :, 0].softmax(-1))
    # The weights keep their names.
    plain = build(*[member['resnet']()] * 2)
    assert model.state_dict().keys() == plain.state_dict().keys()


def test_every_member_trains_as_if_alone(member):
    configs = [member['resnet'](), member['linear'](), member['double']()]
    model = build(*configs).train()
    losses = model(IMAGES, samples(), mode='loss')
    assert list(losses) == ['member0.loss', 'member1.loss', 'member2.loss']
    parsed, _ = model.parse_losses(losses)
    parsed.backward()
    for m, config in enumerate(configs):
        alone = MODELS.build(config)
        # The pass above moved the statistics, which training does not use.
        alone.load_state_dict(model.members[m].state_dict())
        alone.train().loss(IMAGES, samples())['loss'].backward()
        for (name, own), theirs in zip(model.members[m].named_parameters(),
                                       alone.parameters()):
            torch.testing.assert_close(own.grad, theirs.grad, msg=name)


def test_a_linear_member_learns_soft_labels(member):
    model = build(member['linear']())
    loss = model(IMAGES, samples(), mode='loss')['member0.loss']
    target = torch.stack([s.gt_score for s in samples()])
    torch.testing.assert_close(
        loss, F.cross_entropy(looped(model)[:, 0], target))


def test_features_of_each_member(member):
    model = build(member['resnet'](), member['dinov2']())
    shapes = [feats[-1].shape for feats in model.extract_feat(IMAGES)]
    assert shapes == [(4, 32), (4, 5, 12)]


def test_no_members_and_unknown_mode(member):
    with pytest.raises(ValueError, match='members is empty'):
        build()
    with pytest.raises(ValueError, match="mode is 'train'; expected"):
        build(member['linear']())(IMAGES, mode='train')


def test_members_are_initialised_as_their_configs_say(member):
    config = member['resnet']()
    config['head']['init_cfg'] = dict(type='Constant', layer='Linear', val=2.)
    model = EnsembleClassifier([config] * 2)
    model.init_weights()
    for one in model.members:
        assert (one.head.fcs[0].weight == 2).all()


def test_built_without_a_runner_as_in_a_notebook(member, monkeypatch):
    monkeypatch.setattr(DefaultScope, '_instance_dict', {})
    assert EnsembleClassifier([member['linear']()]).num_members == 1


def test_configs_are_left_as_they_were(member):
    config = member['resnet']()
    build(config, config)
    assert config == member['resnet']()


def wrong_state(member, kind):
    """A state dict that is not this ensemble's, and what is said of it."""
    resnet = member['resnet']
    return {
        'more members': (build(*[resnet()] * 3),
                         'holds 3 members, the config asks for 2.*'
                         'num_members=3'),
        'fewer members': (build(resnet()),
                          'holds 1 members, the config asks for 2'),
        'other classes': (build(*[resnet(classes=7)] * 2),
                          r'members.0.head.fcs.0.weight has shape \(7, 32\).*'
                          r'\(3, 32\).*number of classes'),
        'other width': (build(*[resnet(width=8)] * 2),
                        r'members.0.backbone.conv1.weight has shape .*another '
                        'architecture'),
        'one member': (MODELS.build(resnet()),
                       "holds no ensemble: none of its .* keys begins with "
                       "'members.'.*ensemble.checkpoints"),
    }[kind]


@pytest.mark.parametrize('kind', ['more members', 'fewer members',
                                  'other classes', 'other width',
                                  'one member'])
def test_another_checkpoint_is_refused(member, kind, tmp_path):
    other, message = wrong_state(member, kind)
    model = build(*[member['resnet']()] * 2)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    with pytest.raises(ValueError, match=message):
        model.load_state_dict(other.state_dict())
    # mmengine's own loading would leave it at a warning.
    path = tmp_path / 'other.pth'
    torch.save(dict(state_dict=other.state_dict()), path)
    with pytest.raises(ValueError, match=message):
        load_checkpoint(model, str(path), map_location='cpu')
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])


def test_its_own_checkpoint_is_loaded(member, tmp_path):
    saved = build(member['resnet'](), member['dinov2']())
    path = tmp_path / 'ensemble.pth'
    torch.save(dict(state_dict=saved.state_dict()), path)
    model = EnsembleClassifier([member['resnet'](), member['dinov2']()]).eval()
    load_checkpoint(model, str(path), map_location='cpu')
    assert torch.equal(looped(model), looped(saved))


def test_inside_another_module_the_prefix_is_named(member):
    outer = torch.nn.ModuleDict(dict(module=build(member['linear']())))
    with pytest.raises(ValueError, match=re.escape("'module.members.'")):
        outer.load_state_dict({'module.head.fc.weight': torch.zeros(1)})
    outer.load_state_dict(outer.state_dict())
