"""Features of the parts of a face."""

import pytest
import torch

from uar_mmpretrain.models.poi import REGIONS, pool_regions, split_features

BOXES = torch.tensor(REGIONS)


def test_boxes_on_the_grid_are_means():
    features = torch.rand(2, 5, 4, 6)
    boxes = torch.tensor([[0., 0., 1., .5], [.5, .25, 1., .75],
                          [0., 0., 1., 1.]])
    pooled = pool_regions(features, boxes)
    for row, part in enumerate((features[:, :, :2], features[:, :, 1:3, 3:],
                                features)):
        assert torch.allclose(pooled[:, row], part.mean((2, 3)))


def test_a_cell_counts_by_the_area_it_shares():
    features = torch.tensor([0., 1., 10.]).view(1, 1, 3, 1)
    # rows 0 to .5 of three: the first cell whole, half of the second
    pooled = pool_regions(features, torch.tensor([[0., 0., 1., .5]]))
    assert pooled.item() == pytest.approx(1 / 3)


@pytest.mark.parametrize('side', [2, 3, 6, 16])
def test_every_region_has_its_rows(side):
    rows = torch.arange(side).float().expand(side, side).T[None, None]
    eyes, nose, mouth = pool_regions(rows, BOXES)[0, :, 0]
    assert eyes < nose < mouth
    flat = pool_regions(torch.ones(1, 1, side, side), BOXES)
    assert torch.allclose(flat, torch.ones(1, 3, 1))


def test_a_mirrored_image_has_the_same_regions():
    features = torch.rand(2, 5, 6, 6)
    assert torch.allclose(pool_regions(features.flip(-1), BOXES),
                          pool_regions(features, BOXES), atol=1e-6)


def test_tokens_and_maps():
    feature_map = torch.rand(2, 5, 3, 3)
    whole, found = split_features(feature_map)
    assert torch.equal(found, feature_map)
    assert torch.allclose(whole, feature_map.mean((2, 3)))
    token = torch.rand(2, 1, 5)
    tokens = torch.cat([token, feature_map.flatten(2).transpose(1, 2)], 1)
    whole, found = split_features(tokens)
    assert torch.equal(found, feature_map)
    assert torch.equal(whole, token[:, 0])


@pytest.mark.parametrize('shape', [(2, 5), (2, 1 + 6, 5)])
def test_what_has_no_map_is_refused(shape):
    with pytest.raises(ValueError, match='out_type'):
        split_features(torch.zeros(shape))
