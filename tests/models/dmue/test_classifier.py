"""Training with branches, predicting without."""

import pytest
import torch
from torch import nn

LOSSES = ('loss_ce', 'loss_latent', 'loss_similarity', 'loss_auxiliary')


def total(losses):
    return sum(losses[name] for name in LOSSES)


def step(model, batch, steps=2):
    """Train; the loss of the first step."""
    model.train()
    optimizer = torch.optim.Adam(
        [p for p in model.parameters() if p.requires_grad], lr=.01)
    first = None
    for _ in range(steps):
        losses = model(**batch, mode='loss')
        first = first or losses
        optimizer.zero_grad()
        total(losses).backward()
        optimizer.step()
    return first


def copy_of(module):
    return {name: value.clone() for name, value in
            module.state_dict().items()}


def changed(module, before):
    return {name for name, value in module.state_dict().items()
            if not torch.equal(value, before[name])}


def test_everything_but_the_zero_bias_learns(build, batch):
    model = build()
    before = copy_of(model)
    step(model, batch(), steps=3)
    fixed = {name for name, _ in model.named_parameters()} - changed(
        model, before)
    assert {'head.bn_neck.norm.bias',
            'auxiliary.own_bn_neck.norm.bias'} <= fixed
    assert not [name for name in fixed if name.startswith('confidence')
                or 'classifiers' in name or 'fcs' in name
                or name.endswith('norm.weight')]


def test_the_losses_fall(build, batch):
    model = build(similarity_weight=1.)
    for norm in (model.head.bn_neck, model.auxiliary.bn_neck):
        norm.dropout.p = 0.
    first = step(model, batch(), steps=25)
    last = step(model, batch(), steps=1)
    for name in ('loss_ce', 'loss_auxiliary'):
        assert last[name] < .9 * first[name]


def test_frozen_confidence_is_never_trained(build, batch):
    model = build(freeze_confidence=True)
    before = copy_of(model)
    step(model, batch())
    moved = changed(model, before)
    assert not [name for name in moved if name.startswith('confidence')
                or name.endswith('bn_neck.norm.weight')]
    assert 'head.fcs.0.weight' in moved


def test_the_auxiliary_branches_learn_first(build, batch, epoch):
    model, given = build(), batch((12, 12, 12))
    shares = []
    for now in (0, 1, 2, 8):
        epoch(now)
        torch.manual_seed(0)
        losses = model(**given, mode='loss')
        shares.append((losses['loss_auxiliary'] / total(losses)).item())
    assert shares[0] > .5 > shares[2] > shares[3]
    assert shares == sorted(shares, reverse=True)


def test_every_branch_starts_as_the_main_one(build, batch):
    model = build().eval()
    inputs = batch()['inputs']
    heard = []
    name = model._tail_names[0]
    model.backbone.get_submodule(name).register_forward_pre_hook(
        lambda _, given: heard.append(given[0]))
    with torch.no_grad():
        expected = model.extract_feat(inputs, stage='pre_logits')
        for branch in model.auxiliary.branches:
            assert torch.equal(model._pool(branch(heard[0])), expected)


def test_a_branch_learns_from_the_other_classes_only(build, batch):
    """Its own class passes in evaluation, without gradients, alone."""
    model, seen = build(), []

    def listen(number):
        return lambda module, given: seen.append(
            (number, len(given[0]), torch.is_grad_enabled(),
             module.training))

    for number, branch in enumerate(model.auxiliary.branches):
        branch.register_forward_pre_hook(listen(number))
    model.train()
    model(**batch((2, 3, 4)), mode='loss')
    assert sorted(seen) == sorted(
        [(0, 7, True, True), (1, 6, True, True), (2, 5, True, True),
         (0, 2, False, False), (1, 3, False, False), (2, 4, False, False)])


def test_latent_targets_come_from_the_images_own_branch(build, batch):
    model = build()
    for number, classifier in enumerate(model.auxiliary.classifiers):
        nn.init.constant_(classifier.weight, number + 1.)
    shared = []
    name = model._tail_names[0]
    model.backbone.get_submodule(name).register_forward_pre_hook(
        lambda _, given: shared.append(given[0]))
    given = batch()
    labels = torch.cat([sample.gt_label for sample in given['data_samples']])
    model.extract_feat(given['inputs'])
    logits = model._latent_logits(shared[0], labels)
    with torch.no_grad():
        for number, branch in enumerate(model.auxiliary.branches):
            # Of one class alone: batch statistics of the BN neck.
            features = model._pool(branch(shared[0][labels == number]))
            normed = nn.functional.batch_norm(features, None, None,
                                              training=True)
            torch.testing.assert_close(
                logits[labels == number],
                normed @ model.auxiliary.classifiers[number].weight.T,
                atol=1e-4, rtol=1e-4)


def statistics(model):
    return {name: value.clone() for name, value in model.named_buffers()
            if 'running' in name or 'tracked' in name}


@pytest.mark.parametrize('shared', [False, True])
def test_running_statistics_and_the_latent_pass(build, batch, shared):
    model = build(shared_statistics=shared)
    model.train()
    labels = torch.tensor([0, 0, 1, 1, 2, 2])
    given = batch((2, 2, 2))['inputs']
    start = model.backbone.get_submodule(model._tail_names[0])
    heard = []
    start.register_forward_pre_hook(lambda _, x: heard.append(x[0]))
    model.extract_feat(given)
    before = statistics(model)
    model._latent_logits(heard[0], labels)
    moved = {name for name, value in statistics(model).items()
             if not torch.equal(value, before[name])}
    assert ('head.bn_neck.norm.running_mean' in moved) is shared
    assert bool(moved) is shared
    assert all(norm.track_running_stats and norm.training
               for norm in model.modules()
               if isinstance(norm, nn.modules.batchnorm._BatchNorm))


def test_main_statistics_are_of_whole_batches(build, batch):
    """Exactly one update per step, none by the auxiliary branches."""
    model = build()
    step(model, batch(), steps=3)
    assert model.head.bn_neck.norm.num_batches_tracked == 3
    official = build(shared_statistics=True)
    step(official, batch(), steps=3)
    # Main, three branches, three latent passes.
    assert official.head.bn_neck.norm.num_batches_tracked == 21
    assert not [name for name in official.state_dict()
                if name.startswith('auxiliary') and 'bn_neck' in name]


def test_predictions_are_those_of_one_network(build, batch):
    model = build()
    step(model, batch())
    model.eval()
    inputs = batch()['inputs']
    samples = model.predict(inputs)
    scores = torch.stack([sample.pred_score for sample in samples])
    assert [sample.member_scores.shape for sample in samples] == [
        (1, 3)] * len(inputs)
    assert 'epistemic' not in samples[0] and 'aleatoric' in samples[0]
    with torch.no_grad():
        for part in (model.auxiliary, model.confidence):
            for weight in part.parameters():
                weight.fill_(float('nan'))
    again = torch.stack([s.pred_score for s in model.predict(inputs)])
    assert torch.equal(scores, again)


def test_the_log_tells_trust_in_right_labels_from_that_in_wrong_ones(
        build, batch, monkeypatch):
    model, given = build(), batch((2, 2, 2))
    for row, sample in enumerate(given['data_samples']):
        sample.set_metainfo(dict(label_is_wrong=row < 2))
    monkeypatch.setattr(model.confidence, 'forward',
                        lambda *_: torch.arange(1., 7.) / 10)
    losses = model(**given, mode='loss')
    assert losses['confidence'].item() == pytest.approx(.35)
    assert losses['confidence_right'].item() == pytest.approx(.45)
    assert losses['confidence_wrong'].item() == pytest.approx(.15)


def test_the_label_counts_where_shares_are_equal(build, batch):
    model, given, heard = build(), batch((2, 2, 2)), []
    for sample in given['data_samples']:
        sample.set_gt_score(torch.full((3, ), 1 / 3))
    model.confidence.register_forward_pre_hook(
        lambda _, found: heard.append(found[1].tolist()))
    model(**given, mode='loss')
    assert heard == [[0, 0, 1, 1, 2, 2]]


def test_gram_source(build, batch):
    found = []
    for source in ('logits', 'feature'):
        model = build(gram_source=source)
        torch.manual_seed(0)
        found.append(model(**batch(), mode='loss')['loss_similarity'])
    assert found[0] != found[1]


def test_layerwise_decay_treats_copies_as_the_block(build):
    model = build()
    if not hasattr(model.backbone, 'layers'):
        pytest.skip("mmpretrain's ResNet of this size has no depths")
    copied = 'auxiliary.branches.1.0.ffn.layers.1.bias'
    assert dict(model.named_parameters())[copied] is not None
    assert model.get_layer_depth(copied) == model.get_layer_depth(
        'backbone.layers.2.ffn.layers.1.bias') == (3, 5)
    assert model.get_layer_depth('confidence.layers.0.weight') == (4, 5)


@pytest.mark.parametrize('counts', [(4, 4, 0), (4, 4, 1)])
def test_a_batch_without_a_class_is_refused(build, batch, counts):
    with pytest.raises(ValueError, match='BalancedMinCountSampler'):
        build()(**batch(counts), mode='loss')


def test_labels_of_more_classes_are_refused(build, batch):
    with pytest.raises(ValueError, match='3 classes'):
        build()(**batch((2, 2, 2, 2)), mode='loss')


@pytest.mark.parametrize('options, message', [
    (dict(gram_source='features'), 'gram_source'),
    (dict(temperature=0.), 'temperature=0.0; expected a number above 0'),
    (dict(temperature=float('nan')), 'temperature=nan'),
    (dict(branch_blocks=0), 'branch_blocks=0'),
    (dict(branch_blocks=9), 'branch_blocks=9'),
    (dict(head=dict(type='LinearClsHead', num_classes=3, in_channels=32)),
     'BNNeckHead'),
    (dict(backbone=dict(type='ResNet_CIFAR', depth=18, out_indices=(2, 3))),
     'out_indices'),
    (dict(backbone=dict(type='LeNet5')), 'LeNet5'),
])
def test_what_cannot_be_built(build, options, message):
    with pytest.raises(ValueError, match=message):
        build(**options)


def test_more_blocks_make_larger_branches(build):
    one, two = (sum(p.numel() for p in build(branch_blocks=blocks)
                    .auxiliary.branches[0].parameters())
                for blocks in (1, 2))
    assert two > one
