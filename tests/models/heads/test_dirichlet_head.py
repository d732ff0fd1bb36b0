"""A Dirichlet per image: loss on counts, decomposition in closed form."""

import math

import pytest
import torch
from mmpretrain.structures import DataSample
from scipy.stats import dirichlet, entropy

from uar_mmpretrain.models import DirichletHead, EnsembleClassifier
from uar_mmpretrain.models.heads.dirichlet_head import dirichlet_parts
from uar_mmpretrain.models.losses.dirichlet_multinomial_loss import (
    dirichlet_multinomial_nll,
)


def make(classes=3, width=4, **kwargs):
    torch.manual_seed(0)
    head = DirichletHead(classes, width, init_cfg=dict(
        type='Normal', layer='Linear', std=1.), **kwargs)
    head.init_weights()
    return head


def batch(n=5, classes=3, votes=True):
    draw = torch.Generator().manual_seed(1)
    feats = torch.randn(n, 4, generator=draw)
    samples = []
    for i in range(n):
        sample = DataSample(metainfo=dict(img_path=f'root/{i}.png'))
        sample.set_gt_score(torch.full((classes, ), 1 / classes))
        if votes:
            counts = torch.randint(0, 6, (classes, ), generator=draw)
            sample.set_field(counts.float(), 'gt_votes')
        samples.append(sample)
    return (feats, ), samples


@pytest.mark.parametrize('alpha, total, aleatoric, epistemic', [
    ((1, 1), .693147, .5, .193147),
    ((2, 2), .693147, .583333, .109814),
    ((10, 10), .693147, .668771, .024376),
    ((1, 2, 7), .801819, .713968, .087850),
    ((10, 20, 70), .801819, .791947, .009872),
])
def test_hand_values(alpha, total, aleatoric, epistemic):
    parts = dirichlet_parts(torch.tensor([alpha]))
    assert [part.item() for part in parts] == pytest.approx(
        [total, aleatoric, epistemic], abs=2e-6)


def test_aleatoric_is_the_mean_entropy_of_samples():
    drawn = dirichlet([1., 2., 7.]).rvs(40_000, random_state=0)
    _, aleatoric, _ = dirichlet_parts(torch.tensor([[1., 2., 7.]]))
    assert entropy(drawn, axis=1).mean() == pytest.approx(
        aleatoric.item(), abs=5e-3)


def test_a_surer_dirichlet_of_the_same_mean_is_less_epistemic():
    scale = torch.tensor([.5, 1., 5., 50.])[:, None]
    total, _, epistemic = dirichlet_parts(scale * torch.tensor([[3., 2., 1.]]))
    assert torch.allclose(total, total[:1].expand(4))
    assert (epistemic.diff() < 0).all() and (epistemic > 0).all()


def test_logits_are_the_logarithms_of_evidence_plus_one():
    feats, _ = batch()
    head = make()
    evidence = torch.nn.functional.softplus(head.fcs[0](feats[0]))
    logits = head(feats)
    assert logits.shape == (5, 1, 3)
    torch.testing.assert_close(logits[:, 0].exp(), evidence + 1)


def test_predictions():
    feats, samples = batch()
    head = make()
    out = head.predict(feats, samples)
    alpha = head(feats)[:, 0].exp()
    p = alpha / alpha.sum(1, keepdim=True)
    total, aleatoric, epistemic = dirichlet_parts(alpha)
    for i, sample in enumerate(out):
        assert sample is samples[i]
        torch.testing.assert_close(sample.pred_score, p[i])
        torch.testing.assert_close(sample.member_scores, p[i:i + 1])
        assert sample.total == pytest.approx(entropy(p[i].detach()), abs=1e-5)
        assert sample.aleatoric == pytest.approx(aleatoric[i].item())
        assert sample.epistemic == pytest.approx(epistemic[i].item())
        assert sample.total == pytest.approx(
            sample.aleatoric + sample.epistemic)
        assert sample.channels == pytest.approx(dict(
            dirichlet_epistemic=sample.epistemic,
            dirichlet_aleatoric=sample.aleatoric,
            vacuity=3 / alpha[i].sum().item()))


def test_without_evidence_vacuity_is_one():
    head = make()
    with torch.no_grad():
        head.fcs[0].weight.zero_()
        head.fcs[0].bias.fill_(-100.)
    sample = head.predict(batch(1)[0])[0]
    assert sample.channels['vacuity'] == pytest.approx(1)
    assert sample.total == pytest.approx(math.log(3))


def test_half_precision_features_give_float32_concentrations():
    feats, samples = batch()
    head = make()
    with torch.autocast('cpu', dtype=torch.bfloat16):
        assert head(feats).dtype == torch.float32
        loss = head.loss(feats, samples)['loss']
    assert loss.item() == pytest.approx(
        head.loss(feats, samples)['loss'].item(), rel=.02)


def test_the_loss_counts_votes_not_shares():
    feats, samples = batch()
    head = make()
    votes = torch.stack([sample.gt_votes for sample in samples])
    expected = dirichlet_multinomial_nll(head(feats)[:, 0], votes).mean()
    torch.testing.assert_close(head.loss(feats, samples)['loss'], expected)
    for sample in samples:
        sample.set_field(2 * sample.gt_votes, 'gt_votes')
    doubled = head.loss(feats, samples)['loss'].item()
    assert doubled != pytest.approx(expected.item(), rel=.01)


def test_no_votes_or_others():
    feats, samples = batch(votes=False)
    with pytest.raises(ValueError, match='5 of 5 images.*no votes .first: '
                       'root/0.png.*counts votes'):
        make().loss(feats, samples)
    feats, samples = batch(classes=7)
    with pytest.raises(ValueError, match='head has 3 classes, the votes 7'):
        make().loss(feats, samples)
    with pytest.raises(ValueError, match='num_members=2'):
        make(num_members=2)


def test_members_of_an_ensemble_are_their_means(member):
    """Whoever takes a softmax of the logits gets alpha / S."""
    config = member(dict(type='DirichletHead'))
    ensemble = EnsembleClassifier([config, config]).eval()
    images = torch.randn(2, 3, 8, 8)
    with torch.no_grad():
        found = ensemble.predict(images)
        for m in range(2):
            single = ensemble.members[m].predict(images)
            for one, sample in zip(single, found):
                torch.testing.assert_close(sample.member_scores[m],
                                           one.pred_score)


def test_exponential_concentrations_are_the_softmax_of_the_outputs():
    head, plain = make(link='exp'), make()
    plain.load_state_dict(head.state_dict())
    feats, samples = batch()
    outputs = head.fcs[0](feats[0])
    logits = head(feats)[:, 0]
    assert torch.equal(logits.softmax(-1), outputs.softmax(-1))
    # below 1, which softplus evidence cannot be
    assert logits.exp().min() < 1 <= plain(feats).exp().min()
    vacuity = [one.channels['vacuity'] for one in head.predict(feats, samples)]
    assert vacuity == pytest.approx((3 / outputs.exp().sum(-1)).tolist())


def test_an_unknown_link_is_refused():
    with pytest.raises(ValueError, match="link='relu'"):
        make(link='relu')


@pytest.mark.parametrize('log_alpha, p, parts, vacuity', [
    # One point, two points, and nothing but corners.
    ((65504., -65504., 0.), (1., 0., 0.), (0, 0, 0), 0),
    ((65504., 65504., 0.), (.5, .5, 0.), (math.log(2), math.log(2), 0), 0),
    ((-65504., ) * 3, (1 / 3, ) * 3, (math.log(3), 0, math.log(3)), 1e130),
])
def test_concentrations_beyond_every_precision(log_alpha, p, parts, vacuity):
    head = make(link='exp')
    with torch.no_grad():
        head.fcs[0].weight.zero_()
        head.fcs[0].bias[:] = torch.tensor(log_alpha)
    sample = head.predict(batch(1)[0])[0]
    assert sample.pred_score.tolist() == pytest.approx(p)
    assert [sample.total, sample.aleatoric, sample.epistemic] == \
        pytest.approx(parts, abs=1e-6)
    assert sample.channels['dirichlet_epistemic'] == sample.epistemic
    assert vacuity <= sample.channels['vacuity'] <= max(10 * vacuity, 1e-9)
