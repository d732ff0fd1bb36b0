import hashlib
import pickle

import cv2
import numpy as np
import pytest
from mmengine.dataset import BaseDataset, DefaultSampler
from mmengine.runner import Runner
from mmpretrain.registry import DATASETS
from torch.utils.data import DataLoader, Subset

from uar_mmpretrain.corruptions import corrupt, names
from uar_mmpretrain.datasets.corruption_suite import CorruptionSuite
from uar_mmpretrain.datasets.transforms.corrupt import Corrupt

TWO = ['gaussian_noise', 'contrast']


class ToyFaces(BaseDataset):
    """Images drawn from their index by the first transform."""

    METAINFO = dict(classes=('a', 'b'))

    def __init__(self, count=5, **kwargs):
        self.count = count
        super().__init__(**kwargs)

    def load_data_list(self):
        return [dict(image_id=f'img/{i}.png', gt_label=i % 2, votes=[i, 1])
                for i in range(self.count)]


class Draw:
    """Stands for LoadImageFromFile and counts what it decodes."""

    def __init__(self):
        self.calls = []

    def __call__(self, results):
        self.calls.append(results['image_id'])
        results['img'] = picture(results['image_id'])
        return results


class Invert:
    """Writes into the arrays and lists that it is given."""

    def __call__(self, results):
        results['img'] ^= 255
        results['votes'].append(99)
        return results


class Digest:
    """Reduces an item to what the tests compare; loads nothing to pickle."""

    def __call__(self, results):
        return dict(
            image_id=results['image_id'],
            corruption=results['corruption'],
            severity=results['severity'],
            digest=hashlib.sha256(results['img'].tobytes()).hexdigest())


def picture(image_id):
    seed = int.from_bytes(hashlib.sha256(image_id.encode()).digest()[:4],
                          'little')
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (16, 20, 3), np.uint8)


def toy(*transforms, **kwargs):
    return ToyFaces(pipeline=list(transforms), test_mode=True, **kwargs)


def test_order_and_length():
    suite = CorruptionSuite(
        toy(Draw(), Corrupt()), corruptions=TWO, severities=(2, 5))
    variants = [('clean', 0), ('gaussian_noise', 2), ('gaussian_noise', 5),
                ('contrast', 2), ('contrast', 5)]
    assert suite.variants == tuple(variants)
    assert len(suite) == 5 * 5
    found = [(item['image_id'], item['corruption'], item['severity'])
             for item in suite]
    assert found == [(f'img/{i}.png', *v) for i in range(5) for v in variants]


def test_locate_and_resume():
    suite = CorruptionSuite(toy(Draw(), Corrupt()), every=2)
    assert suite.locate(0) == (0, 'clean', 0)
    assert suite.locate(len(suite.variants) + 2) == (2, 'gaussian_noise', 2)
    with pytest.raises(IndexError, match='out of range'):
        suite.locate(len(suite))
    rest = Subset(suite, range(100, len(suite)))
    assert rest[3]['corruption'] == suite.locate(103)[1]
    np.testing.assert_array_equal(rest[3]['img'], suite[103]['img'])


def test_defaults_are_clean_and_all_at_five_severities():
    suite = CorruptionSuite(toy(Draw(), Corrupt()))
    assert suite.variants[0] == ('clean', 0)
    assert suite.variants[1:] == tuple(
        (n, s) for n in names('all') for s in range(1, 6))


def test_groups_and_no_clean():
    suite = CorruptionSuite(
        toy(Draw(), Corrupt()), corruptions='standard', severities=[3],
        include_clean=False)
    assert suite.variants == tuple((n, 3) for n in names('standard'))


@pytest.mark.parametrize('every, images', [(1, range(5)), (2, (0, 2, 4)),
                                           (3, (0, 3)), (9, (0, ))])
def test_every_kth_image(every, images):
    suite = CorruptionSuite(
        toy(Draw(), Corrupt()), TWO, severities=[1], every=every)
    assert len(suite) == 3 * len(images)
    found = [item['image_id'] for item in suite][::3]
    assert found == [f'img/{i}.png' for i in images]


def test_pixels_are_those_of_the_function():
    suite = CorruptionSuite(
        toy(Draw(), Corrupt(seed=3, params='cifar')), TWO, severities=[4])
    for item in suite:
        expected = corrupt(
            picture(item['image_id']), item['corruption'], item['severity'],
            seed=3, params='cifar', image_id=item['image_id'])
        np.testing.assert_array_equal(item['img'], expected)


def test_clean_equals_the_item_of_the_data_set_itself():
    suite = CorruptionSuite(toy(Draw(), Corrupt(), Invert()), TWO)
    alone = toy(Draw(), Invert())
    for image in range(5):
        item = suite[image * len(suite.variants)]
        assert (item.pop('corruption'), item.pop('severity')) == ('clean', 0)
        expected = alone[image]
        np.testing.assert_array_equal(item.pop('img'), expected.pop('img'))
        assert item == expected


def test_each_image_is_decoded_once():
    draw = Draw()
    suite = CorruptionSuite(toy(draw, Corrupt()), TWO)
    for _ in suite:
        pass
    assert draw.calls == [f'img/{i}.png' for i in range(5)]


def test_nothing_leaks_between_variants():
    """A transform that writes in place sees a fresh copy every time."""
    suite = CorruptionSuite(toy(Draw(), Corrupt(), Invert()), TWO)
    forward = [suite[i] for i in range(len(suite))]
    for index in reversed(range(len(suite))):
        item = suite[index]
        assert item['votes'] == [index // 11, 1, 99]
        np.testing.assert_array_equal(item['img'], forward[index]['img'])


def test_data_info_is_the_base_info_with_the_variant():
    draw = Draw()
    base = toy(draw, Corrupt())
    suite = CorruptionSuite(base, TWO, severities=[1, 2], every=2)
    info = suite.get_data_info(5 * 1 + 4)
    assert info == dict(
        base.get_data_info(2), corruption='contrast', severity=2)
    assert info['sample_idx'] == 2
    assert draw.calls == []
    assert 'corruption' not in base.get_data_info(2)


def test_metainfo_is_a_copy():
    suite = CorruptionSuite(toy(Draw(), Corrupt()), TWO)
    assert suite.metainfo == dict(classes=('a', 'b'))
    suite.metainfo['classes'] = ()
    assert suite.metainfo['classes'] == ('a', 'b')


def test_lazy_init():
    base = toy(Draw(), Corrupt(), lazy_init=True)
    suite = CorruptionSuite(base, TWO, severities=[1], lazy_init=True)
    assert not base._fully_initialized
    assert len(suite) == 15
    assert base._fully_initialized
    again = CorruptionSuite(
        toy(Draw(), Corrupt(), lazy_init=True), TWO, lazy_init=True)
    assert again[0]['corruption'] == 'clean'


def loaded(suite, workers, batch_size, sampler=None):
    loader = DataLoader(
        suite, batch_size, sampler=sampler, num_workers=workers,
        collate_fn=list)
    items = [item for batch in loader for item in batch]
    return {(i['image_id'], i['corruption'], i['severity']): i['digest']
            for i in items}


@pytest.fixture(scope='module')
def serial_digests():
    suite = CorruptionSuite(toy(Draw(), Corrupt(seed=1), Digest()))
    return loaded(suite, 0, 1)


def test_digests_tell_the_variants_apart(serial_digests):
    # On so small a picture spatter may find no liquid, and changes nothing.
    digests = [d for (_, name, _), d in serial_digests.items()
               if name != 'spatter']
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize('workers, batch_size, shuffle', [
    (0, 7, True),
    (1, 7, False),
    (2, 7, False),
    (2, 16, True),
    (4, 5, False),
])
def test_same_pixels_for_any_workers_and_order(serial_digests, workers,
                                               batch_size, shuffle):
    suite = CorruptionSuite(toy(Draw(), Corrupt(seed=1), Digest()))
    sampler = DefaultSampler(suite, shuffle=shuffle, seed=5)
    assert loaded(suite, workers, batch_size, sampler) == serial_digests


def test_every_process_of_a_distributed_run_agrees(serial_digests):
    found = {}
    for rank in range(3):
        suite = CorruptionSuite(toy(Draw(), Corrupt(seed=1), Digest()))
        sampler = DefaultSampler(suite, shuffle=False)
        sampler.rank, sampler.world_size = rank, 3
        sampler.num_samples = -(-len(suite) // 3)
        sampler.total_size = sampler.num_samples * 3
        found.update(loaded(suite, 0, 4, sampler))
    assert found == serial_digests


def test_survives_pickling(serial_digests):
    """As a worker of the start method 'spawn' receives it."""
    suite = CorruptionSuite(toy(Draw(), Corrupt(seed=1), Digest()))
    suite[3]
    assert loaded(pickle.loads(pickle.dumps(suite)), 0, 4) == serial_digests


def test_from_a_config_through_mmpretrain(tmp_path):
    for label in ('a', 'b'):
        (tmp_path / label).mkdir()
        for i in range(2):
            path = str(tmp_path / label / f'{i}.png')
            cv2.imwrite(path, picture(path))
    suite = DATASETS.build(
        dict(
            type='CorruptionSuite',
            corruptions=['jpeg_compression'],
            severities=[1, 5],
            dataset=dict(
                type='CustomDataset',
                data_root=str(tmp_path),
                pipeline=[
                    dict(type='LoadImageFromFile'),
                    dict(type='Resize', scale=32),
                    dict(type='Corrupt'),
                    dict(type='PackInputs',
                         meta_keys=('img_path', 'corruption', 'severity')),
                ])))
    config = dict(
        batch_size=7,
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=suite)
    loader = Runner.build_dataloader(config)
    assert loader.dataset.metainfo['classes'] == ('a', 'b')
    samples = [s for batch in loader for s in batch['data_samples']]
    inputs = [x for batch in loader for x in batch['inputs']]
    assert len(samples) == 4 * 3
    assert [s.severity for s in samples] == [0, 1, 5] * 4
    for sample, tensor in zip(samples, inputs):
        image = cv2.resize(picture(sample.img_path), (32, 32))
        expected = corrupt(image, sample.corruption, sample.severity)
        np.testing.assert_array_equal(
            tensor.permute(1, 2, 0).numpy(), expected)
