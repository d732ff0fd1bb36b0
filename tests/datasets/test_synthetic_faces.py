import hashlib

import numpy as np
import pytest
from mmpretrain.registry import DATASETS
from torch.utils.data import DataLoader

from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
from uar_mmpretrain.datasets.synthetic import ACTION_UNITS, draw_face
from uar_mmpretrain.datasets.synthetic_faces import SyntheticFaces
from uar_mmpretrain.datasets.transforms.render_face import RenderFace
from uar_mmpretrain.evaluation.metrics import DecompositionMetric

PIPELINE = [RenderFace()]


@pytest.fixture(scope='module')
def dataset():
    return SyntheticFaces('val', 300, pipeline=PIPELINE)


def test_is_registered():
    built = DATASETS.build(
        dict(
            type='SyntheticFaces',
            split='test',
            num_images=2,
            image_size=48,
            pipeline=[dict(type='RenderFace')]))
    assert len(built) == 2
    assert built[1]['img'].shape == (48, 48, 3)


def test_item_fields(dataset):
    item = dataset.get_data_info(12)
    assert item['image_id'] == 'val/000012'
    assert item['gt_votes'].dtype == np.int64
    assert item['gt_votes'].sum() == 10
    for key, length in (('gt_score', 8), ('true_distribution', 8),
                        ('mixture', 8), ('aus', len(ACTION_UNITS))):
        assert item[key].shape == (length, )
        assert item[key].dtype == np.float32
    np.testing.assert_allclose(item['gt_score'], item['gt_votes'] / 10,
                               rtol=1e-6)
    sides = np.array([item['face'].left, item['face'].right])
    np.testing.assert_allclose(item['aus'], sides.max(axis=0), rtol=1e-6)


def test_labels_follow_the_votes(dataset):
    left_out = 0
    for i in range(len(dataset)):
        item = dataset.get_data_info(i)
        votes = item['gt_votes']
        assert item['gt_label'] == votes.argmax()
        if votes.max() > 5:
            assert item['eval_label'] == item['gt_label']
        else:
            assert item['eval_label'] == -1
            left_out += 1
    assert 0 < left_out < 100


def test_metainfo(dataset):
    info = dataset.metainfo
    assert info['classes'] == CANONICAL_CLASSES
    assert info['dataset'] == 'SyntheticFaces'
    assert info['split'] == 'val'
    assert info['aus'] == ACTION_UNITS
    assert (info['label_rule'], info['eval_rule']) == (
        'raw', 'more than half of the votes')
    assert dataset.class_to_idx['contempt'] == 7
    np.testing.assert_array_equal(dataset.get_gt_labels()[:3], [
        dataset.get_data_info(i)['gt_label'] for i in range(3)])


def test_summary(dataset):
    items = [dataset.get_data_info(i) for i in range(len(dataset))]
    judged = sum(item['eval_label'] >= 0 for item in items)
    ties = sum((item['gt_votes'] == item['gt_votes'].max()).sum() > 1
               for item in items)
    afraid = sum(item['gt_label'] == 4 for item in items)
    first, trained, tested, facts = dataset.metainfo['summary'].splitlines()
    assert first == ('SyntheticFaces val   300 of 300 images   labels: 10 '
                     'simulated annotators, seed 0')
    assert trained.startswith('  label rule raw -> 300: neutral ')
    assert f'  fear {afraid}  ' in trained
    assert f'more than half of the votes -> {judged}: neutral ' in tested
    assert facts.startswith('  10 votes per image   mean vote entropy ')
    assert facts.endswith(f'ties {ties}')
    # So a test says which data it stands on, and how many images count.
    metric = DecompositionMetric()
    metric.dataset_meta = dataset.metainfo
    assert "label rule 'raw' (300 of 300)" in metric.settings['vote_policy']


def test_items_do_not_depend_on_number_or_order(dataset):
    few = SyntheticFaces('val', 20, pipeline=PIPELINE)
    for i in (19, 0, 7):
        np.testing.assert_array_equal(few[i]['img'], dataset[i]['img'])
        np.testing.assert_array_equal(few[i]['gt_votes'],
                                      dataset[i]['gt_votes'])


def test_different_faces_are_different(dataset):
    images = [dataset[i]['img'] for i in range(10)]
    other = SyntheticFaces('test', 10, pipeline=PIPELINE)
    reseeded = SyntheticFaces('val', 10, seed=1, pipeline=PIPELINE)
    images += [d[i]['img'] for d in (other, reseeded) for i in range(10)]
    assert len({image.tobytes() for image in images}) == 30


def test_image_size_changes_nothing_else(dataset):
    large = SyntheticFaces('val', 3, image_size=112, pipeline=PIPELINE)
    assert large[2]['img'].shape == (112, 112, 3)
    assert large[2]['face'] == dataset.get_data_info(2)['face']
    np.testing.assert_array_equal(large[2]['img'],
                                  draw_face(large[2]['face'], 112))


def test_labels_reach_the_picture_only_through_the_face(dataset):
    item = dataset.get_data_info(0)
    bare = {key: item[key] for key in ('face', 'image_size')}
    np.testing.assert_array_equal(RenderFace()(bare)['img'],
                                  dataset[0]['img'])


def test_base_dataset_options():
    few = SyntheticFaces('train', 50, indices=5, lazy_init=True,
                         metainfo=dict(note=1))
    assert few.metainfo['note'] == 1
    assert len(few) == 5
    assert 'Split: \ttrain' in repr(few)


@pytest.fixture(scope='module')
def digests():
    """Pixels of twelve small faces by image id, drawn in this process."""
    faces = SyntheticFaces('val', 12, image_size=24, pipeline=PIPELINE)
    return {item['image_id']: pixel_digest(item) for item in map(
        faces.__getitem__, range(12))}


def pixel_digest(item):
    return hashlib.sha256(item['img'].tobytes()).hexdigest()


@pytest.mark.parametrize('workers', [0, 2])
@pytest.mark.parametrize('cached', [False, True])
def test_the_same_on_any_worker(digests, tmp_path, workers, cached):
    faces = SyntheticFaces(
        'val', 12, image_size=24,
        pipeline=[RenderFace(str(tmp_path) if cached else None)])
    # The second time, cached faces are read.
    for _ in range(1 + cached):
        loader = DataLoader(faces, batch_size=2, shuffle=True,
                            num_workers=workers, collate_fn=list)
        found = {item['image_id']: pixel_digest(item)
                 for batch in loader for item in batch}
        assert found == digests
    assert bool(list(tmp_path.rglob('*.png'))) == cached


@pytest.mark.parametrize('arguments, message', [
    (dict(split='dev'), "no split 'dev'; choose one of train, val, test"),
    (dict(num_images=0), 'num_images=0 makes an empty split'),
    (dict(num_annotators=0), 'num_annotators=0'),
    (dict(image_size=10), 'image_size is 10'),
    (dict(seed=-1), 'seed must lie in'),
])
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        SyntheticFaces(**arguments)
