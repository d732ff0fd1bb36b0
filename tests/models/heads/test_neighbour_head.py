"""Hard labels softened by similar images, in a head."""

import pytest
import torch
from mmpretrain.models.losses import CrossEntropyLoss
from mmpretrain.structures import DataSample

from uar_mmpretrain.models import EnsembleClsHead, NeighbourHead


@pytest.fixture
def head():
    torch.manual_seed(0)
    head = NeighbourHead(3, 5, num_images=6, num_neighbours=2)
    head.init_weights()
    head.neighbour_targets.start([f'{i}.png' for i in range(6)])
    return head


@pytest.fixture
def feats():
    return (torch.randn(6, 5, generator=torch.Generator().manual_seed(1)), )


def samples(ids=True):
    out = []
    for i in range(6):
        meta = dict(image_id=f'{i}.png') if ids else {}
        out.append(DataSample(metainfo=meta).set_gt_score(
            torch.eye(3)[i % 3]))
    return out


def test_the_first_epoch_is_ordinary_cross_entropy(head, feats):
    labels = torch.arange(6) % 3
    expected = torch.nn.functional.cross_entropy(head(feats)[:, 0], labels)
    torch.testing.assert_close(head.loss(feats, samples())['loss'], expected)


def test_later_epochs_train_on_the_mixed_targets(head, feats):
    head.loss(feats, samples())
    targets = head.neighbour_targets
    targets.end_epoch()
    torch.testing.assert_close(targets.scores,
                               head(feats)[:, 0].softmax(-1).detach())
    torch.testing.assert_close(targets.features, feats[0])
    head.eval()
    labels = torch.eye(3)[torch.arange(6) % 3]
    mixed = targets(feats[0], labels, torch.arange(6))
    assert (mixed - labels).abs().max() > .05
    loss = head.loss(feats, samples())['loss']
    torch.testing.assert_close(
        loss, CrossEntropyLoss(use_soft=True)(head(feats)[:, 0], mixed))
    loss.backward()
    assert (targets.label_logits.grad != 0).all()
    # L = CE(target, p): an image whose label is likelier than what its
    # neighbours get wants a larger share of the label, and the reverse.
    log_p = head(feats)[:, 0].log_softmax(-1)
    gain = ((labels - mixed) * log_p).sum(1)
    assert (targets.label_logits.grad.sign() == -gain.sign()).all()


def test_a_plain_head_loads_the_checkpoint(head, feats):
    plain = EnsembleClsHead(3, 5)
    missing, unexpected = plain.load_state_dict(head.state_dict(),
                                                strict=False)
    assert not missing
    assert all(key.startswith('neighbour_targets.') for key in unexpected)
    for own, theirs in zip(plain.predict(feats), head.predict(feats)):
        assert torch.equal(own.pred_score, theirs.pred_score)


def test_image_ids_are_needed(head, feats):
    with pytest.raises(ValueError, match='image_id.*PackFERInputs'):
        head.loss(feats, samples(ids=False))
