"""Evidence of made-up features."""

import numpy as np
import pytest
import torch

from uar_mmpretrain.uncertainty.channels import Evidence


@pytest.fixture
def evidence():
    """Make evidence of N images in one layer of two members."""

    def make(n=400, seed=0, dims=5, shift=0., classes=3, members=2):
        rng = np.random.default_rng(seed)
        labels = rng.integers(classes, size=n)
        centres = 3 * np.eye(classes, dims)
        x = centres[labels] + rng.normal(size=(n, dims)) + shift
        logits = rng.normal(size=(n, members, classes)) * rng.uniform(
            0.2, 3, (n, 1, 1))
        return Evidence(
            logits=torch.from_numpy(logits),
            features={'layer': [torch.from_numpy(x * (1 + m)).float()
                                for m in range(members)]},
            labels=torch.from_numpy(labels))

    return make
