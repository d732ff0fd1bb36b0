from collections import Counter
from functools import lru_cache

import numpy as np
import pytest
from mmpretrain.datasets import BaseDataset

from uar_mmpretrain.datasets import (
    NoisyLabels,
    StratifiedSubset,
    SyntheticFaces,
    derived,
)

NUM = 300
LABELS = ('gt_label', 'gt_score', 'gt_votes', 'eval_label')


@lru_cache
def faces(num_images=NUM):
    """Drawn faces, built once: a derived set works on copies of items."""
    return SyntheticFaces(num_images=num_images, image_size=24, pipeline=[
        dict(type='RenderFace'), dict(type='PackFERInputs')])


def items(dataset):
    return [dataset.get_data_info(i) for i in range(len(dataset))]


def labels_of(item):
    return {key: np.asarray(item[key]).tolist() for key in LABELS}


def changed(dataset):
    """Ids of the images whose label is no longer their own."""
    own = {item['image_id']: item['gt_label'] for item in items(faces())}
    return {item['image_id'] for item in items(dataset)
            if item['gt_label'] != own[item['image_id']]}


def within_binomial_error(count, num, share):
    return abs(count - num * share) < 4 * (num * share * (1 - share))**.5


@pytest.mark.parametrize('kind', ['symmetric', 'permute'])
def test_no_noise_changes_nothing(kind):
    noisy = NoisyLabels(faces(), kind=kind)
    for item, own in zip(items(noisy), items(faces())):
        assert item.keys() == {*own, 'label_is_wrong'}
        assert item['label_is_wrong'] is False
        assert labels_of(item) == labels_of(own)


@pytest.mark.parametrize('fraction', [.1, .2, .3])
def test_symmetric_hits_the_share(fraction):
    own = Plain(*np.arange(40_000) % 3)
    noisy = NoisyLabels(own, fraction)
    share = np.mean(noisy.get_gt_labels() != own.get_gt_labels())
    assert abs(share - fraction) < .005
    assert f'40,000 images ({share:.2%}) have' in noisy.metainfo[
        'label_noise']


def test_symmetric_always_takes_another_class():
    assert len(changed(NoisyLabels(faces(), 1))) == NUM


def test_symmetric_is_uniform_over_the_other_classes():
    own = items(faces())
    noisy = items(NoisyLabels(faces(), 1))
    steps = Counter((item['gt_label'] - before['gt_label']) % 8
                    for item, before in zip(noisy, own))
    assert set(steps) == set(range(1, 8))
    assert all(within_binomial_error(n, NUM, 1 / 7)
               for n in steps.values())


def test_symmetric_exchanges_two_classes_everywhere():
    for item, own in zip(items(NoisyLabels(faces(), .5)), items(faces())):
        old, new = own['gt_label'], item['gt_label']
        columns = np.arange(8)
        columns[[old, new]] = new, old
        for key in ('gt_score', 'gt_votes'):
            np.testing.assert_array_equal(item[key], own[key][columns])
        assert item['gt_score'].dtype == np.float32
        if own['eval_label'] >= 0:
            # The label with the majority is the one with the most votes.
            assert item['eval_label'] == new
        else:
            assert item['eval_label'] == -1


def test_permutation_passes_whole_labels_on():
    own, noisy = items(faces()), items(NoisyLabels(faces(), .4,
                                                   kind='permute'))
    hit = [i for i in range(NUM)
           if labels_of(noisy[i]) != labels_of(own[i])]
    # Of those hit, some get an equal label.
    assert .25 * NUM < len(hit) < .46 * NUM

    def bag(of):
        return Counter(str(labels_of(item)) for item in of)

    assert bag(noisy) == bag(own)


def test_a_permutation_of_all_is_as_good_as_chance():
    kept = NUM - len(changed(NoisyLabels(faces(), 1, kind='permute')))
    counts = Counter(faces().get_gt_labels())
    chance = sum((n / NUM)**2 for n in counts.values())
    assert within_binomial_error(kept, NUM, chance)


@pytest.mark.parametrize('kind', ['symmetric', 'permute'])
def test_the_truth_and_the_face_stay(kind):
    for item, own in zip(items(NoisyLabels(faces(), 1, kind=kind)),
                         items(faces())):
        assert item['image_id'] == own['image_id']
        assert item['face'].digest() == own['face'].digest()
        np.testing.assert_array_equal(item['true_distribution'],
                                      own['true_distribution'])


def test_seed_and_nesting():
    few, many = (changed(NoisyLabels(faces(), f)) for f in (.1, .3))
    assert few < many
    assert few == changed(NoisyLabels(faces(), .1))
    assert few != changed(NoisyLabels(faces(), .1, seed=1))


def test_the_other_images_do_not_matter():
    whole = {item['image_id']: item['gt_label']
             for item in items(NoisyLabels(faces(), .3))}
    part = NoisyLabels(StratifiedSubset(faces(), .25), .3)
    assert len(part) < NUM / 3
    for item in items(part):
        assert item['gt_label'] == whole[item['image_id']]


def test_what_was_done_is_recorded():
    lazy = NoisyLabels(faces(), .2, seed=5, lazy_init=True)
    assert 'label_noise' not in lazy.metainfo
    lazy.full_init()
    wrong = len(changed(lazy))
    assert lazy.metainfo['label_noise'] == (
        f'{wrong} of {NUM} images ({wrong / NUM:.2%}) have another label '
        '(symmetric, fraction 0.2, seed 5)')


def test_the_log_says_so(monkeypatch):
    said = []
    monkeypatch.setattr(derived, 'print_log',
                        lambda message, *_: said.append(message))
    NoisyLabels(Plain(0, 1, 2, 0), 1)
    assert said == ['NoisyLabels: 4 of 4 images (100.00%) have another label '
                    '(symmetric, fraction 1, seed 0)']


@pytest.mark.parametrize('kind', ['symmetric', 'permute'])
def test_every_item_tells_whether_its_label_is_wrong(kind):
    noisy = NoisyLabels(faces(), .3, kind=kind)
    assert {item['image_id'] for item in items(noisy)
            if item['label_is_wrong']} == changed(noisy)
    sample = noisy[0]['data_samples']
    assert sample.label_is_wrong is items(noisy)[0]['label_is_wrong']


def test_the_summary_of_the_set_says_so(table_root):
    rows = ''.join(f'a/{i}.png,{"anger" if i % 2 else "fear"}\n'
                   for i in range(10))
    table_root.write('img_path,label\n' + rows)
    noisy = NoisyLabels(dict(type='SoftLabelDataset', ann_file='train.csv',
                             data_root=str(table_root.path)), 1)
    assert noisy.metainfo['summary'].endswith(
        'NoisyLabels: 10 of 10 images (100.00%) have another label '
        '(symmetric, fraction 1, seed 0)')


def test_items_reach_the_model_with_the_new_label():
    noisy = NoisyLabels(faces(), 1)
    sample = noisy[0]['data_samples']
    item = noisy.get_data_info(0)
    assert int(sample.gt_label) == item['gt_label']
    np.testing.assert_array_equal(sample.gt_score, item['gt_score'])
    assert sample.eval_label == item['eval_label']


class Plain(BaseDataset):
    """A data set of hard labels without ids, as mmpretrain has many."""

    METAINFO = dict(classes=('a', 'b', 'c'))

    def __init__(self, *labels, named=True):
        self.data = [dict(gt_label=label) for label in labels]
        if named:
            for i, item in enumerate(self.data):
                item['img_path'] = f'{i}.png'
        super().__init__(ann_file='')

    def load_data_list(self):
        return self.data


def test_hard_labels_without_soft_ones():
    noisy = NoisyLabels(Plain(0, 1, 2), 1)
    assert all(label != i for i, label in enumerate(noisy.get_gt_labels()))
    assert 'gt_score' not in noisy.get_data_info(0)


def test_a_table_replaces_labels(table_root):
    path = table_root.write('img_path,label\n'
                            'train/000001,angry\n'
                            'train/000003,fear\n'
                            'elsewhere/1,fear\n')
    noisy = NoisyLabels(faces(5), labels=path)
    for index, item in enumerate(items(noisy)):
        own = faces(5).get_data_info(index)
        assert item['label_is_wrong'] is (
            item['gt_label'] != own['gt_label'])
        if index not in (1, 3):
            assert labels_of(item) == labels_of(own)
            continue
        label = noisy.CLASSES.index('anger' if index == 1 else 'fear')
        assert item['gt_label'] == item['eval_label'] == label
        assert item['gt_score'].tolist() == np.eye(8)[label].tolist()
        assert 'gt_votes' not in item
    assert '2 of its 3 images' in noisy.metainfo['label_noise']


def test_a_table_of_votes(table_root):
    path = table_root.write('{"img_path": "train/000002", "votes": '
                            '{"fear": 1, "anger": 3}}\n', 'votes.jsonl')
    item = items(NoisyLabels(faces(5), labels=path))[2]
    fear, anger = (faces().CLASSES.index(c) for c in ('fear', 'anger'))
    assert item['gt_label'] == item['eval_label'] == anger
    assert (item['gt_score'][[fear, anger]] == [.25, .75]).all()
    assert (item['gt_votes'][[fear, anger]] == [1, 3]).all()
    assert item['gt_votes'].sum() == 4


@pytest.mark.parametrize('options, message', [
    (dict(fraction=1.2), 'fraction=1.2'),
    (dict(fraction=.1, kind='flip'), "kind='flip'.*'symmetric', 'permute'"),
    (dict(fraction=.1, labels='a.csv'), 'give one of them'),
])
def test_wrong_options(options, message):
    with pytest.raises(ValueError, match=message):
        NoisyLabels(faces(5), **options)


def test_a_table_of_another_set(table_root):
    path = table_root.write('img_path,label\na/0.png,fear\n')
    with pytest.raises(ValueError, match="none of the 5 images.*'a/0.png'.*"
                       "'train/000000'"):
        NoisyLabels(faces(5), labels=path)


def test_images_without_a_name():
    with pytest.raises(KeyError, match='neither image_id nor img_path'):
        NoisyLabels(Plain(0, 1, named=False), .5)


@pytest.mark.parametrize('label', [None, [0, 1]])
def test_images_without_one_label(label):
    with pytest.raises(ValueError, match='expected one class index'):
        NoisyLabels(Plain(0, label), .5)
