"""Test-time augmentation keeps the members apart."""

import pytest
import torch
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from uar_mmpretrain.models import MemberScoreTTA
from uar_mmpretrain.uncertainty import decompose


@pytest.fixture
def model(member):
    torch.manual_seed(0)
    ensemble = dict(type='mmpretrain.EnsembleClassifier', kind='variance',
                    members=[member['resnet'](), member['dinov2']()])
    model = MODELS.build(dict(type='MemberScoreTTA', module=ensemble))
    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            torch.nn.init.normal_(module.weight, std=0.3)
    return model.eval()


def view(**scores):
    """A prediction of one view: a binary score per member."""
    sample = DataSample(metainfo=dict(image_id='a'))
    rows = torch.tensor([[p, 1 - p] for p in scores.values()])
    return sample.set_field(rows, 'member_scores') or sample


def test_views_are_averaged_member_by_member(model):
    views = [view(first=.9, second=.1), view(first=.7, second=.3)]
    [merged] = model.merge_preds([views])
    torch.testing.assert_close(merged.member_scores,
                               torch.tensor([[.8, .2], [.2, .8]]))
    torch.testing.assert_close(merged.pred_score, torch.tensor([.5, .5]))
    assert merged.image_id == 'a'


def test_views_that_disagree_are_no_disagreement_of_members(model):
    views = [view(first=.9, second=.9), view(first=.1, second=.1)]
    [merged] = model.merge_preds([views])
    assert merged.epistemic == pytest.approx(0, abs=1e-6)
    assert merged.total == pytest.approx(.5, abs=1e-6)


def test_the_decomposition_is_the_ensembles(model):
    views = [view(first=.9, second=.1)]
    [merged] = model.merge_preds([views])
    # Variance: .5 in all, of which .18 within the members.
    assert merged.total == pytest.approx(.5, abs=1e-6)
    assert merged.aleatoric == pytest.approx(.18, abs=1e-6)


def test_a_model_without_a_kind_has_the_entropy(member):
    model = MemberScoreTTA(module=MODELS.build(member['double']()))
    [merged] = model.merge_preds([[view(first=.9, second=.1)]])
    assert merged.aleatoric == pytest.approx(.325083, abs=1e-6)


@torch.no_grad()
def test_a_batch_of_views(model):
    images = torch.randint(0, 256, (2, 3, 14, 14), dtype=torch.uint8)
    views = [list(images), list(images.flip(-1))]
    data = dict(inputs=views,
                data_samples=[[DataSample(metainfo=dict(image_id=i))
                               for i in 'ab'] for _ in views])
    out = model.test_step(data)
    both = [model.module(v.float()).softmax(-1)
            for v in (images, images.flip(-1))]
    expected = torch.stack(both).mean(0)
    assert (both[0] - both[1]).abs().max() > 1e-3
    parts = decompose(expected, 'variance')
    assert [sample.image_id for sample in out] == ['a', 'b']
    for i, sample in enumerate(out):
        torch.testing.assert_close(sample.member_scores, expected[i])
        torch.testing.assert_close(sample.pred_score, expected[i].mean(0))
        assert sample.epistemic == pytest.approx(
            parts.epistemic[i].item(), abs=1e-6)
