"""Channels in order; what cannot be scored is not kept."""

import pytest
import torch

from uar_mmpretrain.uncertainty.channels import Channel, ChannelSet


class Gives(Channel):
    """Gives what it was told to."""

    def __init__(self, value):
        super().__init__('gives')
        self.value = value

    def score(self, evidence):
        scores = torch.zeros(len(evidence))
        scores[3] = self.value
        return scores


@pytest.mark.parametrize('value', [float('nan'), float('inf')])
def test_a_fit_without_finite_scores_is_refused(value, evidence):
    channels = ChannelSet([Gives(value)])
    with pytest.raises(ValueError, match="channel 'gives' is not finite for "
                       r'1 of 400 reference images \(first: number 3\)'):
        channels.fit(evidence(), evidence())
    assert not channels.is_fitted
