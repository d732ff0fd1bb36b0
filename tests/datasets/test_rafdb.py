import numpy as np
import pytest

from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
from uar_mmpretrain.datasets.held_out import stratified_part
from uar_mmpretrain.datasets.rafdb import RAFDB

LIST = 'EmoLabel/list_patition_label.txt'
# RAF-DB counts 1 surprise 2 fear 3 disgust 4 happiness 5 sadness 6 anger
# 7 neutral.
RAF_TO_CANONICAL = {1: 3, 2: 4, 3: 5, 4: 1, 5: 2, 6: 6, 7: 0}


def items(dataset):
    return [dataset.get_data_info(i) for i in range(len(dataset))]


def write_distributions(root, order=lambda label: label):
    """``distribution_basic.txt`` with 0.7 on one class, blanks at the end."""
    lines = []
    for line in (root / LIST).read_text().split('\n'):
        name, label = line.split()
        values = ['0.05'] * 7
        values[(order(int(label)) - 1) % 7] = '0.7'
        lines.append(f'{name} {" ".join(values)} ')
    (root / 'distribution_basic.txt').write_text('\n'.join(lines))


def test_labels_and_aligned_images(rafdb_tree):
    dataset = RAFDB(str(rafdb_tree), split='test')
    assert CANONICAL_CLASSES[:7] == dataset.CLASSES and len(dataset) == 7
    for index, item in enumerate(items(dataset)):
        name = f'Image/aligned/test_{index + 1:04d}_aligned.jpg'
        assert item['image_id'] == name
        label = RAF_TO_CANONICAL[index + 1]
        assert item['gt_label'] == item['eval_label'] == label
        assert item['gt_score'].tolist() == np.eye(7)[label].tolist()
        assert 'gt_votes' not in item
    assert 'hard labels' in dataset.summary()
    assert dataset.metainfo['eval_rule'] == 'label'


def test_val_is_a_seeded_stratified_part_of_train(rafdb_tree):
    root = str(rafdb_tree)
    ids = {}
    for split in ('train', 'val', 'trainval'):
        dataset = RAFDB(root, split=split, val_fraction=0.2)
        ids[split] = {item['image_id'] for item in items(dataset)}
        if split != 'trainval':
            assert dataset.metainfo['num_val'] == 14
            assert dataset.metainfo['num_train'] == 56
            assert '14 of 70 training images' in dataset.summary()
            per_class = set(dataset.metainfo['class_counts'].values())
            assert per_class == ({2} if split == 'val' else {8})
    assert not ids['train'] & ids['val']
    assert ids['train'] | ids['val'] == ids['trainval']
    again = RAFDB(root, split='val', val_fraction=0.2)
    assert {item['image_id'] for item in items(again)} == ids['val']
    other = RAFDB(root, split='val', val_fraction=0.2, val_seed=1)
    assert {item['image_id'] for item in items(other)} != ids['val']


def test_stratified_part_leaves_the_global_state_alone():
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    part = stratified_part(np.repeat([0, 1], [100, 10]), .1, seed=0)
    assert (np.random.get_state()[1] == before).all()
    assert part[:100].sum() == 10 and part[100:].sum() == 1


def test_third_field_and_doubled_line(rafdb_tree):
    path = rafdb_tree / LIST
    text = path.read_text().replace('\n', ' 1\r\n')
    path.write_bytes((text + '\r\n' + text.split('\r\n')[0] + '\n').encode())
    dataset = RAFDB(str(rafdb_tree), split='trainval')
    assert len(dataset) == 70
    assert 'listed twice with equal labels' in dataset.summary()


@pytest.mark.parametrize('old, new, message', [
    ('train_00003.jpg 3', 'train_00003.jpg', 'row 3: expected an image name'),
    ('train_00003.jpg 3', 'train_00003.jpg 0',
     r'row 3, label: 0; the 7 classes are 1\.\.7'),
    ('train_00003.jpg 3', 'train_00003.jpg 8',
     r'row 3, label: 8; the 7 classes are 1\.\.7'),
    ('train_00003.jpg 3', 'train_00003.jpg happy',
     "row 3, label: 'happy'; expected a number"),
    ('train_00003.jpg 3', 'train_00003.jpg 2.5', 'row 3, label: 2.5'),
    ('train_00003.jpg', '../../../x.jpg', 'row 3: .* no path inside'),
    ('train_00003.jpg', '/home/x/train_00003.jpg',
     'row 3: ./home/x.* no path inside'),
    ('train_00003.jpg 3', 'train_00001.jpg 3',
     'rows 1 and 3 both name .*train_00001_aligned.jpg with different'),
])
def test_bad_lists(rafdb_tree, old, new, message):
    path = rafdb_tree / LIST
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ValueError, match=message):
        RAFDB(str(rafdb_tree))


def test_a_list_that_counts_from_zero_is_refused(rafdb_tree):
    lines = (rafdb_tree / LIST).read_text().split('\n')
    shifted = [f'{x.split()[0]} {int(x.split()[1]) - 1}' for x in lines]
    (rafdb_tree / LIST).write_text('\n'.join(shifted))
    with pytest.raises(ValueError, match='11 rows like it.*from 0 on: add'):
        RAFDB(str(rafdb_tree))


def test_files_that_are_not_there(rafdb_tree):
    with pytest.raises(FileNotFoundError, match='folder that holds EmoLabel'):
        RAFDB(str(rafdb_tree / 'Image'))
    (rafdb_tree / 'Image/aligned/test_0004_aligned.jpg').unlink()
    with pytest.raises(FileNotFoundError, match='1 of 7 images in Image/alig'):
        RAFDB(str(rafdb_tree), split='test')
    assert len(RAFDB(str(rafdb_tree), split='test', on_missing='skip')) == 6


def test_empty_subset(rafdb_tree):
    path = rafdb_tree / LIST
    path.write_text(path.read_text().replace('test_', 'train_'))
    with pytest.raises(ValueError, match='names no image that begins with'):
        RAFDB(str(rafdb_tree), split='test')
    with pytest.raises(ValueError, match="no image of split 'val'"):
        RAFDB(str(rafdb_tree), split='val', val_fraction=0.01)
    with pytest.raises(ValueError, match='val_fraction=1.5'):
        RAFDB(str(rafdb_tree), val_fraction=1.5)


def test_distributions(rafdb_tree):
    write_distributions(rafdb_tree)
    dataset = RAFDB(
        str(rafdb_tree), 'test', distribution_file='distribution_basic.txt')
    for index, item in enumerate(items(dataset)):
        label = RAF_TO_CANONICAL[index + 1]
        expected = np.full(7, .05)
        expected[label] = .7
        np.testing.assert_allclose(item['gt_score'], expected, rtol=1e-6)
        assert item['gt_label'] == item['eval_label'] == label
        assert 'gt_votes' not in item
    assert dataset.metainfo['eval_rule'] == 'label'
    assert 'mean label entropy' in dataset.summary()


def test_distributions_in_another_order_are_refused(rafdb_tree):
    # Alphabetical: every class is where another should be.
    write_distributions(rafdb_tree, order=lambda label: label + 1)
    with pytest.raises(ValueError, match='differ in 100% of the 7 rows: the '
                       'class order of one of them is wrong'):
        RAFDB(str(rafdb_tree), 'test',
              distribution_file='distribution_basic.txt')


def test_distributions_that_differ_now_and_then_are_counted(rafdb_tree):
    write_distributions(rafdb_tree, order=lambda x: 2 if x == 1 else x)
    dataset = RAFDB(
        str(rafdb_tree), 'test', distribution_file='distribution_basic.txt')
    assert dataset.summary().count('differ in 1 of 7 rows') == 1
    item = dataset.get_data_info(0)
    # Trained on the distribution (fear), judged by the list (surprise).
    assert (item['gt_label'], item['eval_label']) == (4, 3)


@pytest.mark.parametrize('old, new, message', [
    ('test_0002.jpg 0.05', 'test_0002.jpg', 'row 72: expected an image name'),
    ('test_0002.jpg 0.05', 'test_0002.jpg 0.75',
     'row 72: probabilities sum to 1.7; expected 1'),
    ('test_0002.jpg 0.05', 'test_0002.jpg -0.05',
     "row 72, surprise: '-0.05'; expected a number >= 0"),
    ('test_0002.jpg', 'test_9999.jpg', 'no line for 1 of 7 images'),
])
def test_bad_distributions(rafdb_tree, old, new, message):
    write_distributions(rafdb_tree)
    path = rafdb_tree / 'distribution_basic.txt'
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ValueError, match=message):
        RAFDB(str(rafdb_tree), 'test', distribution_file=path.name)
