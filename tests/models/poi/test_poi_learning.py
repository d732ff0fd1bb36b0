"""What the teacher is for: wrong labels among right ones."""

import numpy as np
import torch
from mmengine.runner import Runner
from mmpretrain.registry import MODELS
from sklearn.metrics import roc_auc_score

from uar_mmpretrain.datasets.synthetic import ACTION_UNITS
from uar_mmpretrain.models.poi import AUPrior

CLASSES = ('happiness', 'sadness', 'surprise')
STEPS = 150


def toy(seed):
    """100 noisy patterns, 30% of the labels flipped; 1000 to test on."""
    draw = torch.Generator().manual_seed(seed)
    patterns = .6 * torch.randn(3, 3, 8, 8, generator=draw)

    def images(num):
        labels = torch.randint(3, (num, ), generator=draw)
        noise = torch.randn(num, 3, 8, 8, generator=draw)
        return patterns[labels] + noise, labels

    x, true = images(100)
    flipped = torch.rand(100, generator=draw) < .3
    other = (true + torch.randint(1, 3, (100, ), generator=draw)) % 3
    shares = AUPrior(CLASSES).log_shown.exp()[true]
    aus = torch.rand(100, len(ACTION_UNITS), generator=draw) < shares
    return x, torch.where(flipped, other, true), flipped, aus.float(), \
        images(1000)


def train(model, images, batch, progress):
    draw = torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for step in range(STEPS):
        progress(step / STEPS)
        rows = torch.randperm(len(images), generator=draw)[:50]
        losses = model.loss(images[rows], [batch[row] for row in rows])
        optimizer.zero_grad()
        sum(loss for key, loss in losses.items() if 'loss' in key).backward()
        optimizer.step()
    return model.eval()


def plain_network():
    torch.manual_seed(0)
    plain = MODELS.build(dict(
        type='ImageClassifier',
        backbone=dict(type='ToyBackbone', flat=True),
        head=dict(type='EnsembleClsHead', num_classes=3, in_channels=256)))
    plain.init_weights()
    return plain


def test_flipped_labels_are_trusted_less(build, samples, progress):
    """On average: single AUROCs go from .67 to .96 (docs/poi.md)."""
    found = []
    for seed in range(4):
        images, labels, flipped, aus, (test_images, test_labels) = toy(seed)
        batch = samples(labels, aus)
        for sample, wrong in zip(batch, flipped.tolist()):
            sample.set_metainfo(dict(label_is_wrong=wrong))
        taught, plain = (train(model, images, batch, progress)
                         for model in (build(), plain_network()))
        with torch.no_grad():
            features = taught.head.pre_logits(taught.extract_feat(images))
            doubt = 1 - taught.confidence(features)
            logged = taught.loss(images, batch)
            right = [(model(test_images)[:, 0].argmax(-1) == test_labels)
                     .float().mean().item() for model in (taught, plain)]
        assert logged['confidence_wrong'] < logged['confidence_right']
        found.append((roc_auc_score(flipped, doubt), *right))
    auroc, taught_right, plain_right = np.mean(found, axis=0)
    assert auroc > .7
    assert taught_right > plain_right


def test_in_an_ordinary_training(tiny_config):
    """Drawn faces bring their action units; a test needs none."""
    cfg = tiny_config
    cfg.pop('runner_type')
    cfg.pop('ensemble')
    cfg.model.update(
        type='POIClassifier',
        pin=dict(backbone=cfg.model.backbone, in_channels=32),
        confidence=dict(in_channels=32))
    cfg.train_dataloader.update(num_workers=0, persistent_workers=False)
    cfg.train_cfg.max_epochs = 2
    cfg.test_dataloader.dataset.severities = [5]
    cfg.val_dataloader = cfg.val_evaluator = cfg.val_cfg = None
    runner = Runner.from_cfg(cfg)
    model = runner.train()
    scalars = runner.message_hub.log_scalars
    assert scalars['train/loss_prior'].current() > 0
    assert 0 < scalars['train/confidence'].current() < 1
    early, late = scalars['train/loss_target'].data[0][[0, -1]]
    # e^-5 of it at first
    assert early < .1 * late
    model.pin = None
    assert 'decomposition/spearman_aleatoric' in runner.test()
