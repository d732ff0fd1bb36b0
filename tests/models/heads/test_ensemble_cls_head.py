"""M linear classifiers: one loss each, one set of features."""

import pytest
import torch
import torch.nn.functional as F
from mmpretrain.structures import DataSample

from uar_mmpretrain.models import EnsembleClsHead
from uar_mmpretrain.models.heads.bootstrap import poisson_weights


def make(members=3, classes=4, width=5, **kwargs):
    torch.manual_seed(0)
    head = EnsembleClsHead(classes, width, members, **kwargs)
    head.init_weights()
    return head


def batch(n=6, width=5, classes=4, seed=1, ids=True):
    draw = torch.Generator().manual_seed(seed)
    features = torch.randn(n, width, generator=draw)
    target = torch.rand(n, classes, generator=draw)
    target /= target.sum(1, keepdim=True)
    samples = []
    for i in range(n):
        sample = DataSample().set_gt_score(target[i])
        meta = dict(img_path=f'root/{i}.png')
        if ids:
            meta['image_id'] = f'{i}.png'
        sample.set_metainfo(meta)
        samples.append(sample)
    return (features, ), target, samples


def copy_of_member(head, m, **kwargs):
    alone = make(1, **kwargs)
    alone.fcs[0].load_state_dict(head.fcs[m].state_dict())
    return alone


@pytest.mark.parametrize('members', [1, 3])
def test_shapes(members):
    feats, _, _ = batch()
    head = make(members)
    logits = head(feats)
    assert logits.shape == (6, members, 4)
    for m, fc in enumerate(head.fcs):
        assert torch.equal(logits[:, m], fc(feats[0]))


def test_members_begin_at_different_weights():
    weights = [fc.weight.detach() for fc in make(3).fcs]
    assert not torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[1], weights[2])
    assert torch.stack(weights).std().item() == pytest.approx(0.01, rel=0.3)


def test_init_cfg_of_the_config_goes_first():
    head = make(1, init_cfg=dict(type='Constant', layer='Linear', val=2.))
    assert (head.fcs[0].weight == 2).all()


def test_the_last_features_are_classified_from_the_class_token():
    head = make(2)
    tokens = torch.randn(3, 1 + 4, 5)
    logits = head((torch.zeros(3, 5), tokens))
    assert torch.equal(logits[:, 0], head.fcs[0](tokens[:, 0]))


def test_class_token_and_mean_patch_token():
    head = make(1, classes=2, width=2, with_patch_mean=True)
    assert head.fcs[0].in_features == 4
    # class token (1, 2); patches (3, 5), (5, 7), (1, 0): mean (3, 4)
    tokens = torch.tensor([[[1., 2.], [3., 5.], [5., 7.], [1., 0.]]])
    assert head.pre_logits((tokens, )).tolist() == [[1., 2., 3., 4.]]
    with torch.no_grad():
        head.fcs[0].weight.copy_(torch.tensor([[1., 0., 0., 2.],
                                               [0., 1., -1., 0.]]))
        head.fcs[0].bias.copy_(torch.tensor([0.5, 0.]))
    assert head((tokens, )).tolist() == [[[9.5, -1.]]]


@pytest.mark.parametrize('shape, patch_mean', [
    ((2, 5), True),  # already pooled: there are no patches
    ((2, 5, 3, 3), False),  # a feature map
    ((2, 5, 3, 3), True),
])
def test_features_of_a_wrong_shape(shape, patch_mean):
    with pytest.raises(ValueError, match="got features of shape .*expected "
                       "(.|\n)*out_type='raw'"):
        make(with_patch_mean=patch_mean)((torch.zeros(shape), ))


def test_one_member_has_the_soft_cross_entropy():
    feats, target, samples = batch()
    head = make(1)
    losses = head.loss(feats, samples)
    assert losses.keys() == {'loss'}
    expected = F.cross_entropy(head.fcs[0](feats[0]), target)
    torch.testing.assert_close(losses['loss'], expected)


@pytest.mark.parametrize('bootstrap', [False, True])
def test_every_member_gets_the_gradient_it_would_get_alone(bootstrap):
    feats, target, samples = batch()
    head = make(3, bootstrap=bootstrap)
    head.loss(feats, samples)['loss'].backward()
    ids = [sample.image_id for sample in samples]
    weights = torch.from_numpy(poisson_weights(ids, 3)) if bootstrap \
        else torch.ones(6, 3)
    for m in range(3):
        alone = copy_of_member(head, m)
        each = F.cross_entropy(alone(feats)[:, 0], target, reduction='none')
        ((each * weights[:, m]).sum() / weights[:, m].sum()).backward()
        for own, theirs in zip(head.fcs[m].parameters(),
                               alone.fcs[0].parameters()):
            torch.testing.assert_close(own.grad, theirs.grad)
            assert own.grad.abs().max() > 0


def test_features_get_the_gradient_of_all_members():
    feats, _, samples = batch()
    features = feats[0].requires_grad_()
    head = make(2)
    head.loss((features, ), samples)['loss'].backward()
    expected = 0
    for m in range(2):
        single = features.detach().clone().requires_grad_()
        copy_of_member(head, m).loss((single, ), samples)['loss'].backward()
        expected = expected + single.grad
    torch.testing.assert_close(features.grad, expected)


def test_a_replicate_without_any_image_costs_nothing():
    empty = next(f'{i}' for i in range(1000)
                 if poisson_weights([f'{i}'], 1)[0, 0] == 0)
    feats, _, samples = batch(n=1)
    samples[0].set_metainfo(dict(image_id=empty))
    loss = make(1, bootstrap=True).loss(feats, samples)['loss']
    assert loss.item() == 0


def test_bootstrap_needs_image_ids():
    feats, _, samples = batch(ids=False)
    make(2).loss(feats, samples)
    with pytest.raises(ValueError, match='needs the image_id.*PackFERInputs'):
        make(2, bootstrap=True).loss(feats, samples)


def test_images_without_a_soft_label():
    feats, _, samples = batch()
    for i in (2, 5):
        samples[i] = DataSample(metainfo=dict(img_path=f'root/{i}.png'))
        samples[i].set_gt_label(1)
    with pytest.raises(ValueError, match='2 of 6 images.*no soft labels '
                       r'\(first: root/2.png\)'):
        make().loss(feats, samples)


def test_soft_labels_of_another_number_of_classes():
    feats, _, samples = batch(classes=7)
    with pytest.raises(ValueError, match='head has 4 classes, the soft labels '
                       r'7 \(image root/0.png\).*num_classes'):
        make().loss(feats, samples)


@pytest.mark.parametrize('members, classes', [(0, 4), (2, 1)])
def test_too_few(members, classes):
    with pytest.raises(ValueError, match=f'num_members={members}, '
                       f'num_classes={classes}; expected at least'):
        make(members, classes)


def test_predictions():
    feats, _, samples = batch()
    head = make(3)
    out = head.predict(feats, samples)
    scores = head(feats).softmax(-1)
    for i, sample in enumerate(out):
        assert sample is samples[i]
        torch.testing.assert_close(sample.member_scores, scores[i])
        torch.testing.assert_close(sample.pred_score, scores[i].mean(0))
    assert head.predict(feats)[0].member_scores.shape == (3, 4)


def test_half_precision_logits_give_float32_scores():
    feats, _, _ = batch()
    head = make(2).bfloat16()
    sample = head.predict((feats[0].bfloat16(), ))[0]
    assert sample.member_scores.dtype == torch.float32
    assert sample.pred_score.sum().item() == pytest.approx(1, abs=1e-6)
