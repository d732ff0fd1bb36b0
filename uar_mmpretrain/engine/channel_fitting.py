"""Fitting the channels of an ensemble on clean images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config, ConfigDict
from mmengine.dist import all_gather_object, barrier, is_main_process
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from ..models.nonfinite import to_scores, usable_members
from ..uncertainty.channels import Evidence, concatenate
from .channel_files import FILE_NAME, save_channels
from .checkpoints import read_checkpoint
from .runners.ensemble_config import ensemble_config


def fit_channels(cfg: Config, checkpoint: str | Path) -> Path:
    """Fit the channels of a config and write them beside the checkpoint.

    One pass over the training images, un-augmented (through the validation
    pipeline), and one over the validation images. No other image is read:
    ``test_dataloader`` is not even built. Several processes share the images;
    the main one fits and writes.

    Args:
        cfg (Config): With ``channels`` in ``ensemble``, or in ``model``
            where that is an ``EnsembleClassifier``.
        checkpoint (str | Path): The ensemble's checkpoint.

    Returns:
        Path: ``channels.pth`` beside the checkpoint.

    Raises:
        ValueError: If the config has no channels or no validation split.
    """
    checkpoint = Path(checkpoint)
    if not cfg.get('val_dataloader') or not cfg.get('train_dataloader'):
        raise ValueError('channels are fitted on train_dataloader and '
                         'val_dataloader; the config lacks one of them.')
    loaders = clean_train_dataloader(cfg), in_order(cfg.val_dataloader)
    if 'ensemble' in cfg:
        cfg = ensemble_config(cfg, cfg.ensemble.num_members, checkpoint,
                              'val')
    else:
        cfg = _only_validation(cfg, checkpoint)
    runner = Runner.from_cfg(cfg)
    model = runner.model
    if is_model_wrapper(model):
        model = model.module
    if not getattr(model, 'channel_configs', ()):
        raise ValueError('the config names no channels; expected e.g. '
                         "ensemble.channels=[dict(type='FeatureDensity', "
                         "layers=['backbone.layer2'])].")
    weights = read_checkpoint(checkpoint)['state_dict']
    model.load_state_dict(weights)
    # The memory layout is set here, if the config asks for one.
    runner.call_hook('before_run')
    evidence = [_collect(model, Runner.build_dataloader(loader))
                for loader in loaders]
    path = checkpoint.with_name(FILE_NAME)
    if is_main_process():
        model.channels.fit(*evidence)
        save_channels(model.channels, model.channel_configs, weights, path,
                      num_train=len(evidence[0]),
                      num_reference=len(evidence[1]))
    barrier()
    return path


def clean_train_dataloader(cfg: Config) -> ConfigDict:
    """Return the training images' loader with the validation pipeline.

    Augmented images would make the channels blind to what the augmentation
    resembles.

    Args:
        cfg (Config): With ``train_dataloader`` and ``val_dataloader``.

    Returns:
        ConfigDict: A dataloader config, in order, every image once.
    """
    loader = in_order(cfg.val_dataloader)
    loader.dataset = ConfigDict(cfg.train_dataloader.dataset.to_dict())
    _innermost(loader.dataset).pipeline = _innermost(
        cfg.val_dataloader.dataset).pipeline
    return loader


def in_order(loader: ConfigDict) -> ConfigDict:
    """Return a loader of every image once, dealt out to the processes.

    Args:
        loader (ConfigDict): A dataloader config.

    Returns:
        ConfigDict: A copy, with mmengine's sampler in the data set's order.
    """
    loader = ConfigDict(loader.to_dict())
    for key in ('batch_sampler', 'drop_last'):
        loader.pop(key, None)
    loader.sampler = ConfigDict(type='DefaultSampler', shuffle=False)
    return loader


def _innermost(dataset: ConfigDict) -> ConfigDict:
    while 'pipeline' not in dataset:
        dataset = dataset.dataset
    return dataset


def _only_validation(cfg: Config, checkpoint: Path) -> Config:
    cfg = Config(cfg.to_dict())
    for split in ('train', 'test'):
        for part in ('dataloader', 'cfg', 'evaluator'):
            cfg.pop(f'{split}_{part}', None)
    for key in ('optim_wrapper', 'param_scheduler', 'auto_scale_lr'):
        cfg.pop(key, None)
    cfg.load_from = str(checkpoint)
    return cfg


@torch.no_grad()
def _collect(model: Any, loader: Any) -> Evidence:
    model.eval()
    parts = []
    for batch in loader:
        data = model.data_preprocessor(batch, False)
        part = model.evidence(data['inputs'])
        usable_members(to_scores(part.logits), data['data_samples'])
        part.logits = part.logits.cpu()
        part.features = {name: [values.cpu() for values in members]
                         for name, members in part.features.items()}
        samples = data['data_samples']
        if all('gt_label' in sample for sample in samples):
            part.labels = torch.cat([s.gt_label[:1] for s in samples]).cpu()
        parts.append(part)
    return gather_evidence(concatenate(parts), len(loader.dataset))


def gather_evidence(own: Evidence, num_images: int) -> Evidence:
    """Put together what all processes saw, in the order of the data set.

    mmengine's ``DefaultSampler`` deals image i to process ``i % W`` of W, and
    some images twice, so that all get equally many.

    Args:
        own (Evidence): Of this process's share, in order.
        num_images (int): Number of images in the data set.

    Returns:
        Evidence: Of every image once; the same in every process.
    """
    parts = all_gather_object(own)
    if len(parts) == 1:
        return own
    starts = [sum(map(len, parts[:rank])) for rank in range(len(parts))]
    image = torch.arange(num_images)
    return concatenate(parts).select(
        torch.tensor(starts)[image % len(parts)] + image // len(parts))
