"""Made DINOv2 weights in every layout, and the official forward pass.

The forward pass is written from the official implementation's description
with plain tensors, and works on the official names; it shares no code with
the package.
"""

import math
from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F

import uar_mmpretrain  # noqa: F401, lets the tests import mmpretrain


def make_official(dims=32, depth=3, hidden=128, patch=7, side=5, swiglu=False):
    """Random weights under the official names, of values that matter."""
    draw = torch.Generator().manual_seed(0)

    def normal(*shape, std=1.):
        return torch.randn(*shape, generator=draw) * std

    def linear(name, rows, columns):
        return {
            f'{name}.weight': normal(rows, columns, std=columns**-0.5),
            f'{name}.bias': normal(rows, std=0.3)
        }

    def norm(name):
        return {
            f'{name}.weight': 1 + normal(dims, std=0.3),
            f'{name}.bias': normal(dims, std=0.3)
        }

    weights = {
        'cls_token': normal(1, 1, dims),
        'pos_embed': normal(1, 1 + side * side, dims),
        'mask_token': normal(1, dims),
        'patch_embed.proj.weight': normal(dims, 3, patch, patch, std=0.1),
        'patch_embed.proj.bias': normal(dims),
    }
    for block in range(depth):
        stem = f'blocks.{block}'
        weights.update(norm(f'{stem}.norm1'))
        weights.update(linear(f'{stem}.attn.qkv', 3 * dims, dims))
        weights.update(linear(f'{stem}.attn.proj', dims, dims))
        weights[f'{stem}.ls1.gamma'] = 1 + normal(dims, std=0.3)
        weights.update(norm(f'{stem}.norm2'))
        if swiglu:
            weights.update(linear(f'{stem}.mlp.w12', 2 * hidden, dims))
            weights.update(linear(f'{stem}.mlp.w3', dims, hidden))
        else:
            weights.update(linear(f'{stem}.mlp.fc1', hidden, dims))
            weights.update(linear(f'{stem}.mlp.fc2', dims, hidden))
        weights[f'{stem}.ls2.gamma'] = 1 + normal(dims, std=0.3)
    weights.update(norm('norm'))
    return weights


def _replace(weights, *pairs):
    renamed = {}
    for name, weight in weights.items():
        for theirs, ours in pairs:
            name = name.replace(theirs, ours)
        renamed[name] = weight
    return renamed


def chunked(weights):
    """The official names of a model trained in chunks of two blocks."""

    def rename(name):
        if not name.startswith('blocks.'):
            return name
        number, rest = name[len('blocks.'):].split('.', 1)
        return f'blocks.{int(number) // 2}.{number}.{rest}'

    return {rename(name): weight for name, weight in weights.items()}


def timm(weights):
    return {
        name: weight
        for name, weight in weights.items() if name != 'mask_token'
    }


def huggingface(weights, prefix=''):
    renamed = _replace(
        weights,
        ('patch_embed.proj', 'embeddings.patch_embeddings.projection'),
        ('cls_token', 'embeddings.cls_token'),
        ('mask_token', 'embeddings.mask_token'),
        ('pos_embed', 'embeddings.position_embeddings'),
        ('attn.proj', 'attention.output.dense'),
        ('ls1.gamma', 'layer_scale1.lambda1'),
        ('ls2.gamma', 'layer_scale2.lambda1'), ('mlp.w12', 'mlp.weights_in'),
        ('mlp.w3', 'mlp.weights_out'), ('blocks.', 'encoder.layer.'))
    split = {}
    for name, weight in renamed.items():
        if name.startswith('norm.'):
            split['layer' + name] = weight
        elif 'attn.qkv' in name:
            for part, rows in zip(('query', 'key', 'value'), weight.chunk(3)):
                split[name.replace('attn.qkv',
                                   f'attention.attention.{part}')] = rows
        else:
            split[name] = weight
    return {prefix + name: weight for name, weight in split.items()}


def huggingface_5(weights):
    """The names a model has in memory since transformers 5."""
    renamed = _replace(
        huggingface(weights),
        ('attention.attention.query', 'attention.q_proj'),
        ('attention.attention.key', 'attention.k_proj'),
        ('attention.attention.value', 'attention.v_proj'),
        ('attention.output.dense', 'attention.o_proj'),
        ('mlp.weights_out', 'mlp.down_proj'))
    split = {}
    for name, weight in renamed.items():
        if 'mlp.weights_in' in name:
            gate, up = weight.chunk(2)
            split[name.replace('weights_in', 'gate_proj')] = gate
            split[name.replace('weights_in', 'up_proj')] = up
        else:
            split[name] = weight
    return split


def mmpretrain(weights, prefix=''):
    renamed = _replace(
        timm(weights), ('patch_embed.proj', 'patch_embed.projection'),
        ('blocks.', 'layers.'), ('ls1.gamma', 'attn.gamma1.weight'),
        ('ls2.gamma', 'ffn.gamma2.weight'), ('mlp.fc1', 'ffn.layers.0.0'),
        ('mlp.fc2', 'ffn.layers.1'), ('mlp.w', 'ffn.w'), ('norm1', 'ln1'),
        ('norm2', 'ln2'), ('norm.', 'ln1.'))
    return {prefix + name: weight for name, weight in renamed.items()}


LAYOUTS = {
    'official': dict,
    'official, chunked': chunked,
    'timm': timm,
    'Hugging Face': huggingface,
    'Hugging Face, dinov2.': lambda weights: huggingface(weights, 'dinov2.'),
    'transformers 5': huggingface_5,
    'mmpretrain': mmpretrain,
    'mmpretrain, backbone.': lambda weights: mmpretrain(weights, 'backbone.'),
}


def official_position(embedding, height, width):
    """``interpolate_pos_encoding``; height and width in patches."""
    side = math.isqrt(embedding.shape[1] - 1)
    if height * width == side * side and height == width:
        return embedding
    dims = embedding.shape[-1]
    patches = F.interpolate(
        embedding[:, 1:].reshape(1, side, side, dims).permute(0, 3, 1, 2),
        scale_factor=((height + 0.1) / side, (width + 0.1) / side),
        mode='bicubic')
    assert patches.shape[-2:] == (height, width)
    patches = patches.permute(0, 2, 3, 1).reshape(1, height * width, dims)
    return torch.cat([embedding[:, :1], patches], dim=1)


def official_features(weights, images, heads):
    """Normalised tokens: ``x_norm_clstoken``, then ``x_norm_patchtokens``."""

    def norm(x, name):
        mean = x.mean(-1, keepdim=True)
        variance = ((x - mean)**2).mean(-1, keepdim=True)
        return (x - mean) / torch.sqrt(variance + 1e-6) * weights[
            f'{name}.weight'] + weights[f'{name}.bias']

    def linear(x, name):
        return x @ weights[f'{name}.weight'].T + weights[f'{name}.bias']

    def attend(x, name):
        count, tokens, dims = x.shape
        q, k, v = (
            part.reshape(count, tokens, heads, dims // heads).transpose(1, 2)
            for part in linear(x, f'{name}.qkv').chunk(3, dim=-1))
        scores = q @ k.transpose(-1, -2) * (dims // heads)**-0.5
        mixed = (scores.softmax(-1) @ v).transpose(1, 2)
        return linear(mixed.reshape(count, tokens, dims), f'{name}.proj')

    def feed_forward(x, name):
        if f'{name}.fc1.weight' in weights:
            x = linear(x, f'{name}.fc1')
            x = 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))
            return linear(x, f'{name}.fc2')
        gate, value = linear(x, f'{name}.w12').chunk(2, dim=-1)
        return linear(gate * torch.sigmoid(gate) * value, f'{name}.w3')

    kernel = weights['patch_embed.proj.weight']
    patches = F.conv2d(
        images, kernel, weights['patch_embed.proj.bias'], kernel.shape[-1])
    height, width = patches.shape[-2:]
    x = torch.cat([
        weights['cls_token'].expand(len(images), -1, -1),
        patches.flatten(2).transpose(1, 2)
    ], 1)
    x = x + official_position(weights['pos_embed'], height, width)
    depth = sum(name.endswith('ls1.gamma') for name in weights)
    for block in range(depth):
        stem = f'blocks.{block}'
        x = x + weights[f'{stem}.ls1.gamma'] * attend(
            norm(x, f'{stem}.norm1'), f'{stem}.attn')
        x = x + weights[f'{stem}.ls2.gamma'] * feed_forward(
            norm(x, f'{stem}.norm2'), f'{stem}.mlp')
    return norm(x, 'norm')


@pytest.fixture(scope='session')
def reference():
    """All of the above."""
    return SimpleNamespace(
        make=make_official,
        features=official_features,
        position=official_position,
        layouts=LAYOUTS,
        huggingface=huggingface,
        mmpretrain=mmpretrain)


@pytest.fixture
def official():
    """A tiny model: 32 wide, 3 blocks, 5x5 patches of 7 pixels."""
    return make_official()


@pytest.fixture(params=LAYOUTS)
def layout(request):
    """A function that brings official weights into one layout."""
    return LAYOUTS[request.param]
