"""From configs to channels, and from channels to data samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from ...uncertainty import channels as channels_
from ..nonfinite import image_name

for _channel in (channels_.EpistemicGivenAleatoric, channels_.FeatureDensity,
                 channels_.FisherCombination, channels_.LogitVariance,
                 channels_.NearestNeighbours,
                 channels_.RelativeMahalanobis):
    MODELS.register_module(module=_channel)


def build_channels(configs: Sequence[dict]) -> channels_.ChannelSet:
    """Build channels from MODELS, in order.

    Args:
        configs (Sequence[dict]): Each with a ``type``.

    Returns:
        ChannelSet: Unfitted.

    Raises:
        ValueError: See :class:`ChannelSet`.
    """
    return channels_.ChannelSet([MODELS.build(dict(one)) for one in configs])


def set_channels(data_samples: Sequence[DataSample],
                 scores: Mapping[str, torch.Tensor]) -> None:
    """Write ``channels``, a dict of floats, into each data sample.

    Args:
        data_samples (Sequence[DataSample]): N samples.
        scores (Mapping[str, torch.Tensor]): ``(N,)`` scores by channel.

    Raises:
        ValueError: If a score is not finite: what is compared with a
            threshold, and averaged into results, must be a number.
    """
    for name, values in scores.items():
        broken = ~torch.isfinite(values)
        if broken.any():
            first = int(broken.nonzero()[0])
            raise ValueError(
                f'channel {name!r} is not finite for {int(broken.sum())} of '
                f'{len(values)} images (first: '
                f'{image_name(first, data_samples)}). Test without mixed '
                'precision, or fit the channels again.')
    columns = {name: values.tolist() for name, values in scores.items()}
    for i, sample in enumerate(data_samples):
        sample.set_field({name: values[i]
                          for name, values in columns.items()}, 'channels')
