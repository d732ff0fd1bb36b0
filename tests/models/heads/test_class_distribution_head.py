"""Hard labels smoothed by class, in a head."""

import pytest
import torch
from mmpretrain.models.losses import CrossEntropyLoss
from mmpretrain.structures import DataSample

from uar_mmpretrain.models import ClassDistributionHead, EnsembleClsHead

LABELS = torch.tensor([0, 0, 1, 2])


@pytest.fixture
def head():
    torch.manual_seed(0)
    head = ClassDistributionHead(3, 5, threshold=.2, share=.5)
    head.init_weights()
    head.class_distributions.start([])
    return head


@pytest.fixture
def feats():
    return (torch.randn(4, 5, generator=torch.Generator().manual_seed(1)), )


def samples(labels=LABELS):
    return [DataSample().set_gt_label(label).set_gt_score(torch.eye(3)[label])
            for label in labels]


def test_the_first_epoch_is_ordinary_cross_entropy(head, feats):
    expected = torch.nn.functional.cross_entropy(head(feats)[:, 0], LABELS)
    torch.testing.assert_close(head.loss(feats, samples())['loss'], expected)


def test_later_epochs_train_on_the_classes_mean_predictions(head, feats):
    scores = head(feats)[:, 0].softmax(-1).detach()
    head.loss(feats, samples())
    head.class_distributions.end_epoch()
    table = torch.stack([scores[:2].mean(0), scores[2], scores[3]])
    target = .5 * torch.eye(3)[LABELS] + .5 * table[LABELS]
    expected = CrossEntropyLoss(use_soft=True)(head(feats)[:, 0], target)
    torch.testing.assert_close(head.loss(feats, samples())['loss'], expected)


def test_only_training_images_count(head, feats):
    head.eval()
    head.loss(feats, samples())
    head.predict(feats, samples())
    head.class_distributions.end_epoch()
    assert torch.equal(head.class_distributions.table, torch.eye(3))


def test_a_plain_head_loads_the_checkpoint(head, feats):
    plain = EnsembleClsHead(3, 5)
    missing, unexpected = plain.load_state_dict(head.state_dict(),
                                                strict=False)
    assert not missing and unexpected == ['class_distributions.table']
    for own, theirs in zip(plain.predict(feats), head.predict(feats)):
        assert torch.equal(own.pred_score, theirs.pred_score)
