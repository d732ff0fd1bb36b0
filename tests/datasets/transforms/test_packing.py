"""What reaches the model and the metrics beside the image."""

import numpy as np
import pytest
import torch
from mmpretrain.datasets.transforms import PackInputs
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.datasets.transforms import PackFERInputs

SCORE = np.array([.25, .75, 0.], dtype=np.float32)
OPTIONAL = ('gt_votes', 'corruption', 'severity', 'eval_label',
            'label_is_wrong')


def item(**changes):
    image = np.arange(2 * 4 * 3, dtype=np.uint8).reshape(2, 4, 3)
    return dict(dict(
        img=image, img_path='root/a.png', image_id='a.png', sample_idx=5,
        ori_shape=(2, 4), gt_score=SCORE, gt_label=1, eval_label=-1,
        gt_votes=np.array([2, 6, 0]), corruption='contrast', severity=3,
        label_is_wrong=True, box=[0, 0, 1, 1]), **changes)


def test_everything_arrives():
    packed = TRANSFORMS.build(dict(type='PackFERInputs'))(item())
    assert packed.keys() == {'inputs', 'data_samples'}
    assert packed['inputs'].shape == (3, 2, 4)
    assert packed['inputs'][:, 0, 1].tolist() == [3, 4, 5]
    sample = packed['data_samples']
    assert sample.gt_score.tolist() == SCORE.tolist()
    assert sample.gt_label.tolist() == [1]
    assert sample.gt_votes.tolist() == [2., 6., 0.]
    assert sample.gt_votes.dtype == torch.float32
    meta = dict(sample.metainfo_items())
    assert {key: meta[key] for key in (
        'image_id', 'eval_label', 'corruption', 'severity', 'label_is_wrong',
        'img_path', 'sample_idx', 'ori_shape')} == dict(
            image_id='a.png', eval_label=-1, corruption='contrast',
            severity=3, label_is_wrong=True, img_path='root/a.png',
            sample_idx=5, ori_shape=(2, 4))
    assert 'box' not in sample


@pytest.mark.parametrize('votes', [
    np.array([2, 6, 0], dtype=np.int64), [2, 6, 0],
    np.array([2., 6., 0.]), torch.tensor([2, 6, 0])
])
def test_votes_of_any_kind(votes):
    sample = PackFERInputs()(item(gt_votes=votes))['data_samples']
    assert sample.gt_votes.dtype == torch.float32
    assert sample.gt_votes.tolist() == [2., 6., 0.]


def test_what_an_item_does_not_have_is_left_out():
    bare = item()
    for key in OPTIONAL:
        del bare[key]
    sample = PackFERInputs()(bare)['data_samples']
    for key in OPTIONAL:
        assert key not in sample
    assert sample.image_id == 'a.png'


def test_further_meta_keys_replace_mmpretrains_only():
    sample = PackFERInputs(meta_keys=('box', ))(item())['data_samples']
    assert sample.box == [0, 0, 1, 1]
    assert sample.severity == 3
    assert 'img_path' not in sample


def test_otherwise_as_pack_inputs():
    own = PackFERInputs(input_key='face')(item(face=item()['img'] + 1))
    theirs = PackInputs(input_key='face')(item(face=item()['img'] + 1))
    assert torch.equal(own['inputs'], theirs['inputs'])
    for key, value in theirs['data_samples'].metainfo_items():
        assert own['data_samples'].get(key) == value
