import pytest
import torch

from uar_mmpretrain.models.backbones.dinov2_layouts import convert


def test_every_layout_gives_the_same_weights(reference, official, layout):
    expected = reference.mmpretrain(official)
    weights = dict(convert(layout(official)).weights)
    weights.pop('mask_token', None)
    assert weights.keys() == expected.keys()
    for name, weight in expected.items():
        assert torch.equal(weights[name], weight), name


def test_every_layout_of_swiglu_gives_the_same_weights(reference, layout):
    official = reference.make(depth=1, swiglu=True)
    expected = reference.mmpretrain(official)
    weights = dict(convert(layout(official)).weights)
    weights.pop('mask_token', None)
    assert weights.keys() == expected.keys()
    for name, weight in expected.items():
        assert torch.equal(weights[name], weight), name


@pytest.mark.parametrize(('spelling', 'name'), [
    ('official', 'official'),
    ('official, chunked', 'official'),
    ('timm', 'official'),
    ('Hugging Face, dinov2.', 'huggingface'),
    ('transformers 5', 'huggingface'),
    ('mmpretrain, backbone.', 'mmpretrain'),
])
def test_names_the_layout(reference, official, spelling, name):
    assert convert(reference.layouts[spelling](official)).layout == name


def test_counts_what_lies_beside_the_backbone(reference, official):
    weights = reference.huggingface(official, 'dinov2.')
    weights['classifier.weight'] = torch.zeros(7, 64)
    converted = convert(weights)
    assert converted.outside == 1
    assert 'classifier.weight' not in converted.weights


def test_unknown_names_inside_the_backbone_stay(official):
    official = {**official, 'blocks.0.extra': torch.zeros(1)}
    assert 'blocks.0.extra' in convert(official).weights


def test_the_input_is_not_changed(reference, official):
    weights = reference.huggingface(official)
    before = dict(weights)
    convert(weights)
    assert weights == before


def test_other_networks_are_not_recognised():
    assert convert({'conv1.weight': torch.zeros(1)}) is None
    assert convert({}) is None


def test_query_without_value(reference, official):
    weights = reference.huggingface(official)
    del weights['encoder.layer.1.attention.attention.value.bias']
    with pytest.raises(
            ValueError,
            match=r'layer\.1\.attention\.attention\.query\.bias is there but '
            r'not encoder\.layer\.1\.attention\.attention\.value\.bias'):
        convert(weights)
